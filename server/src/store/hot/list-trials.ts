import type { Pool } from "pg";
import { filterSql } from "./filter-sql.ts";
import { cursorOf, orderSql } from "./order-sql.ts";
import { createSqlValues } from "./sql-values.ts";
import type { TrialCursor, TrialFilter, TrialOrder } from "./trial-query.ts";
import { trialColumns } from "./trial-row.ts";
import { type DetailRow, type TrialDetail, leaseColumns, trialDetail } from "./trials.ts";

export interface TrialQuery {
  /** Undefined: every trial. */
  readonly filter: TrialFilter | undefined;
  readonly order: TrialOrder;
  /** The trial that the page before ended with, as `next` told. */
  readonly after: TrialCursor | undefined;
  /** How many trials at most, 1 or more. Fewer come when they are large. */
  readonly limit: number;
  /** Whether the reports of the trials will be read, too: they count in the size of the page. */
  readonly withReports: boolean;
}

/** About how large the text of a page may grow, bytes; a trial that is larger makes a page of its own. */
const pageBytes = 16 * 1024 * 1024;
/** What a trial and a report take beside their variable parts, bytes of JSON. */
const trialBytes = 600;
const reportBytes = 100;

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
  const { filter, order, after, limit, withReports } = query;
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
  // JSON is larger than what is stored of it, which is compressed from about two kilobytes on.
  const jsonBytes = (column: string) =>
    `case when pg_column_size(t.${column}) > 1000 then octet_length(t.${column}::text) else pg_column_size(t.${column}) end`;
  const reports = withReports
    ? ` + ${reportBytes} * greatest(coalesce(cardinality(t.curve_steps), 0), coalesce(r.reports, 0))::bigint
      + coalesce(${jsonBytes("curve_metrics")}, 0)`
    : "";
  const text = `
with page as (
  select t.number from trial t where t.study_id = ${study}${condition}${behind}
  order by ${ordering.by("t")} limit ${sql.bind(limit + 1, "bigint")}
), sized as (
  select p.number, ${leaseColumns}, row_number() over w as place,
    sum(${trialBytes} + ${jsonBytes("params")} + ${jsonBytes("attributes")} + ${jsonBytes("metrics")}${reports}) over w as bytes
  from page p join trial t on t.study_id = ${study} and t.number = p.number
  left join running r on r.study_id = ${study} and r.number = p.number
  window w as (order by ${ordering.by("t")} rows unbounded preceding)
)
select ${trialColumns}, s.lease_expires_at, s.heard_at, n.total, (select count(*) from page)::int as found
from ${total} n left join (sized s join trial t on t.study_id = ${study} and t.number = s.number
  and s.place <= ${sql.bind(limit, "bigint")} and (s.place = 1 or s.bytes <= ${pageBytes})) on true
order by s.place`;
  // Not a named statement: there are as many texts as there are filters.
  const { rows } = await pool.query<Row>(text, [...sql.values]);
  const trials = rows.filter((row): row is FoundRow => row.number !== null).map(trialDetail);
  const last = (rows[0]?.found ?? 0) > trials.length ? trials.at(-1) : undefined;
  return {
    trials,
    total: rows[0]?.total ?? 0,
    next: last === undefined ? undefined : cursorOf(last, order),
  };
}

interface FoundRow extends DetailRow {
  total: number;
  /** Trials that a page of any size would have, and one more if there are further ones. */
  found: number;
}

/** A page without trials is one row that has nothing but the counts. */
type Row = FoundRow | ({ number: null } & Pick<FoundRow, "total" | "found">);
