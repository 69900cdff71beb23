import { type Metrics, decodeMetrics } from "./metrics.ts";
import { type TrialState, trialState } from "../states.ts";

/** One report of a trial. */
export interface Measurement {
  readonly step: number;
  readonly values: readonly number[];
  readonly metrics: Metrics;
  readonly reportedAt: Date;
}

/** A point that a trial had until a user gave it another one. */
export interface FormerPoint {
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  /** The study's change number of the edit. */
  readonly until: number;
}

/** A trial as the tables hold it. JSON columns are as parsed. */
export interface TrialRecord {
  readonly number: number;
  readonly state: TrialState;
  readonly attempt: number;
  /** The study's change number of the newest change, and of the end (0 while it has not ended). */
  readonly revision: number;
  readonly endRevision: number;
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  readonly values: readonly number[];
  readonly metrics: Metrics;
  readonly violation: number;
  readonly worker: string;
  readonly failure: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sampler: string;
  readonly reason: string;
  readonly historyRevision: number;
  readonly specVersion: number;
  readonly fixed: Readonly<Record<string, number | string | boolean | null>> | undefined;
  readonly tellKey: string | undefined;
  readonly tellAttempt: number | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** What the sampler's model expected, a mean for each objective, then a standard deviation for each; empty without a model. */
  readonly expected: readonly number[];
  /** Oldest first; empty for a trial that was never edited. */
  readonly formerPoints: readonly FormerPoint[];
}

/** The columns of {@link TrialRecord}, of a table or alias `t`. */
export const trialColumns = `t.number, t.state, t.attempt, t.seq, t.end_seq, t.params, t."values", t.metrics, t.violation, t.worker,
  t.failure, t.attributes, t.sampler, t.reason, t.history_seq, t.spec_version, t.fixed, t.tell_key, t.tell_attempt,
  t.created_at, t.started_at, t.ended_at, t.former_points, t.expected`;

/** A row of {@link trialColumns}. */
export interface TrialRow {
  number: number;
  state: number;
  attempt: number;
  seq: number;
  end_seq: number;
  params: Record<string, number | string | boolean | null>;
  values: number[];
  metrics: Record<string, number | string>;
  violation: number;
  worker: string;
  failure: string;
  attributes: Record<string, unknown>;
  sampler: string;
  reason: string;
  history_seq: number;
  spec_version: number;
  fixed: Record<string, number | string | boolean | null> | null;
  tell_key: string | null;
  tell_attempt: number | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  former_points: FormerPoint[] | null;
  expected: number[] | null;
}

/** The record of a row. */
export function trialRecord(row: TrialRow): TrialRecord {
  return {
    number: row.number,
    state: trialState(row.state),
    attempt: row.attempt,
    revision: row.seq,
    endRevision: row.end_seq,
    params: row.params,
    values: row.values,
    metrics: decodeMetrics(row.metrics),
    violation: row.violation,
    worker: row.worker,
    failure: row.failure,
    attributes: row.attributes,
    sampler: row.sampler,
    reason: row.reason,
    historyRevision: row.history_seq,
    specVersion: row.spec_version,
    fixed: row.fixed ?? undefined,
    tellKey: row.tell_key ?? undefined,
    tellAttempt: row.tell_attempt ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    formerPoints: row.former_points ?? [],
    expected: row.expected ?? [],
  };
}
