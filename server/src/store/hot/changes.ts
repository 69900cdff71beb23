import type { Pool } from "pg";
import { changedTrials } from "./change-log.ts";
import { type Metrics, decodeMetrics } from "./metrics.ts";
import { type Statement, run } from "./statement.ts";
import { type TrialState, trialState } from "../states.ts";
import type { FormerPoint } from "./trial-row.ts";

/** What samplers, pruners and the queue of waiting trials need of a changed trial. */
export interface TrialChange {
  readonly number: number;
  readonly state: TrialState;
  readonly attempt: number;
  readonly revision: number;
  readonly endRevision: number;
  /** Absent for trials that the reader said it knows, unless they were edited at some time. */
  readonly params: Readonly<Record<string, number | string | boolean | null>> | undefined;
  /** What the trial was before each edit, oldest first. */
  readonly formerPoints: readonly FormerPoint[];
  /** Whether a worker has had it, here or elsewhere. */
  readonly hasRun: boolean;
  readonly values: readonly number[];
  readonly violation: number;
  /** Of those that the reader asked for, the ones that were told at the end. */
  readonly metrics: Metrics;
  readonly curveSteps: readonly number[];
  /** One row of objective values a step. */
  readonly curveValues: readonly (readonly number[])[];
}

interface Row {
  number: number;
  state: number;
  attempt: number;
  seq: number;
  end_seq: number;
  params: Record<string, number | string | boolean | null> | null;
  former_points: FormerPoint[] | null;
  has_run: boolean;
  values: number[];
  violation: number;
  metrics: Record<string, number | string> | null;
  curve_steps: number[] | null;
  curve_values: number[][] | null;
}

const columns = `number, state, attempt, seq, end_seq, "values", violation, curve_steps, curve_values, former_points,
  started_at is not null as has_run,
  (select jsonb_object_agg(name, metrics -> name) from unnest($5::text[]) as name where metrics ? name) as metrics`;

const sinceStatement: Statement = {
  name: "changes_since",
  text: `
select ${columns}, case when number >= $3 or former_points is not null then params end as params
from (${changedTrials("t.*", "$1", "$2::bigint", "$4")}) t order by seq`,
};

const byNumberStatement: Statement = {
  name: "changes_by_number",
  text: `select ${columns}, params from trial where study_id = $1 and number >= $2 and number < $3 order by number limit $4`,
};

function changeOf(row: Row): TrialChange {
  return {
    number: row.number,
    state: trialState(row.state),
    attempt: row.attempt,
    revision: row.seq,
    endRevision: row.end_seq,
    params: row.params ?? undefined,
    formerPoints: row.former_points ?? [],
    hasRun: row.has_run,
    values: row.values,
    violation: row.violation,
    metrics: decodeMetrics(row.metrics ?? {}),
    curveSteps: row.curve_steps ?? [],
    curveValues: row.curve_values ?? [],
  };
}

/**
 * Trials that have changed since a revision, in the order of their changes, at most `limit`. Trials with numbers below
 * `known` come without parameters, which change only by edits; all of them with the metrics named only.
 */
export async function changesSince(
  pool: Pool,
  studyId: number,
  revision: number,
  known: number,
  limit: number,
  metrics: readonly string[],
): Promise<TrialChange[]> {
  return (await run<Row>(pool, sinceStatement, [studyId, revision, known, limit, metrics])).map(changeOf);
}

/** Trials `from` to `to` (exclusive) by number, at most `limit`, with the metrics named only. */
export async function trialsByNumber(
  pool: Pool,
  studyId: number,
  from: number,
  to: number,
  limit: number,
  metrics: readonly string[],
): Promise<TrialChange[]> {
  return (await run<Row>(pool, byNumberStatement, [studyId, from, to, limit, metrics])).map(changeOf);
}
