import type { Pool } from "pg";
import { filterSql } from "./filter-sql.ts";
import { cursorOf, orderSql } from "./order-sql.ts";
import { createSqlValues } from "./sql-values.ts";
import type { TrialCursor, TrialFilter, TrialOrder } from "./trial-query.ts";
import { type TrialRow, trialColumns, trialRecord } from "./trial-row.ts";
import type { TrialDetail } from "./trials.ts";

export interface TrialQuery {
  /** Undefined: every trial. */
  readonly filter: TrialFilter | undefined;
  readonly order: TrialOrder;
  /** The trial that the page before ended with, as `next` told. */
  readonly after: TrialCursor | undefined;
  /** How many trials at most, 1 or more. */
  readonly limit: number;
}

export interface TrialPage {
  readonly trials: TrialDetail[];
  /** How many trials match the filter in all. */
  readonly total: number;
  /** Where the next page begins; undefined when this is the last. */
  readonly next: TrialCursor | undefined;
}

/**
 * One page of a study's trials. Pages follow the order's values, not positions: a trial that does not change between two
 * pages is in exactly one of them, whatever happens to others.
 */
export async function listTrials(pool: Pool, studyId: number, query: TrialQuery): Promise<TrialPage> {
  const { filter, order, after, limit } = query;
  const sql = createSqlValues();
  const study = sql.bind(studyId, "bigint");
  const condition = filter === undefined ? "" : ` and ${filterSql(filter, sql)}`;
  const ordering = orderSql(order, sql);
  const behind = after === undefined ? "" : ` and ${ordering.after(after)}`;
  // Numbers are dense, so the next one says how many trials there are; counting a million rows takes too long.
  const total =
    filter === undefined
      ? `(select coalesce(max(s.next_number), 0) as total from study_clock s where s.study_id = ${study})`
      : `(select count(*)::int as total from trial t where t.study_id = ${study}${condition})`;
  // The page is found by numbers alone: sorting whole rows takes twice as long.
  const text = `
with page as (
  select t.number from trial t where t.study_id = ${study}${condition}${behind}
  order by ${ordering.by("t")} limit ${sql.bind(limit + 1, "bigint")}
)
select ${trialColumns}, r.lease_expires_at, n.total
from ${total} n left join (page p join trial t on t.study_id = ${study} and t.number = p.number) on true
left join running r on r.study_id = ${study} and r.number = t.number
order by ${ordering.by("t")}`;
  // Not a named statement: there are as many texts as there are filters.
  const { rows } = await pool.query<Row>(text, [...sql.values]);
  const found = rows.filter((row): row is FoundRow => row.number !== null);
  const trials = found
    .slice(0, limit)
    .map((row) => ({ ...trialRecord(row), leaseExpiresAt: row.lease_expires_at ?? undefined }));
  const last = found.length > limit ? trials.at(-1) : undefined;
  return {
    trials,
    total: rows[0]?.total ?? 0,
    next: last === undefined ? undefined : cursorOf(last, order),
  };
}

interface FoundRow extends TrialRow {
  lease_expires_at: Date | null;
  total: number;
}

/** A page without trials is one row that has nothing but the total. */
type Row = FoundRow | ({ number: null } & Pick<FoundRow, "total">);
