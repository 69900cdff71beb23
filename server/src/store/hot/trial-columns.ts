import type { Pool } from "pg";
import { changedTrials } from "./change-log.ts";
import { type Statement, run } from "./statement.ts";

/** Trials that have changed, as columns: entry i of each is about the same trial. Times in milliseconds since 1970. */
export interface ChangedColumns {
  readonly numbers: readonly number[];
  /** As asktell.v1.TrialState. */
  readonly states: readonly number[];
  readonly attempts: readonly number[];
  /** The study's change number of the newest change, ascending, and of the end (0 while it has not ended). */
  readonly revisions: readonly number[];
  readonly endRevisions: readonly number[];
  readonly params: readonly Readonly<Record<string, unknown>>[];
  readonly values: readonly (readonly number[])[];
  readonly violations: readonly number[];
  readonly workers: readonly string[];
  readonly created: readonly number[];
  /** NaN for what has not happened. */
  readonly started: readonly number[];
  readonly ended: readonly number[];
  readonly leaseEnds: readonly number[];
}

/** JSON has no NaN and no infinities: PostgreSQL writes them as text, and what is missing as null. */
type JsonNumber = number | string | null;

interface Row {
  numbers: number[] | null;
  states: number[];
  attempts: number[];
  revisions: number[];
  end_revisions: number[];
  params: Record<string, unknown>[];
  values: JsonNumber[][];
  violations: JsonNumber[];
  workers: string[];
  created: JsonNumber[];
  started: JsonNumber[];
  ended: JsonNumber[];
  lease_ends: JsonNumber[];
}

const ms = (column: string) => `json_agg((extract(epoch from ${column}) * 1000)::float8)`;

// One row of JSON lists: parsing a row a trial takes this process four times as long.
const statement: Statement = {
  name: "trial_columns_since",
  text: `
select json_agg(t.number) as numbers, json_agg(t.state) as states, json_agg(t.attempt) as attempts, json_agg(t.seq) as revisions,
  json_agg(t.end_seq) as end_revisions, json_agg(t.params) as params, json_agg(t."values") as "values",
  json_agg(t.violation) as violations, json_agg(t.worker) as workers, ${ms("t.created_at")} as created,
  ${ms("t.started_at")} as started, ${ms("t.ended_at")} as ended, ${ms("t.lease_expires_at")} as lease_ends
from (
  select t.number, t.state, t.attempt, t.seq, t.end_seq, t.params, t."values", t.violation, t.worker, t.created_at, t.started_at,
    t.ended_at, r.lease_expires_at
  from (${changedTrials("t.*", "$1", "$2::bigint", "$3")}) t left join running r on r.study_id = $1 and r.number = t.number order by t.seq
) t`,
};

/** The trials that have changed since a revision, in the order of their changes, at most `limit`. */
export async function readColumnsSince(
  pool: Pool,
  studyId: number,
  revision: number,
  limit: number,
): Promise<ChangedColumns> {
  const [row] = await run<Row>(pool, statement, [studyId, revision, limit]);
  // No trial, no lists.
  if (row === undefined || row.numbers === null) return empty;
  return {
    numbers: row.numbers,
    states: row.states,
    attempts: row.attempts,
    revisions: row.revisions,
    endRevisions: row.end_revisions,
    params: row.params,
    values: row.values.map((values) => values.map(Number)),
    violations: row.violations.map(Number),
    workers: row.workers,
    created: row.created.map(numberOf),
    started: row.started.map(numberOf),
    ended: row.ended.map(numberOf),
    leaseEnds: row.lease_ends.map(numberOf),
  };
}

function numberOf(value: JsonNumber): number {
  return value === null ? NaN : Number(value);
}

const empty: ChangedColumns = {
  numbers: [],
  states: [],
  attempts: [],
  revisions: [],
  endRevisions: [],
  params: [],
  values: [],
  violations: [],
  workers: [],
  created: [],
  started: [],
  ended: [],
  leaseEnds: [],
};
