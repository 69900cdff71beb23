import type { Pool } from "pg";
import { dateOfMicros } from "./lease-end.ts";
import { type Metrics, encodeMetrics } from "./metrics.ts";
import { type Statement, arrayLiteral, lines, run } from "./statement.ts";
import { type StudyState, type TerminalState, studyState, trialStates } from "../states.ts";
import { type Rest, anyTell, leasedTell } from "./tell-sql.ts";
import type { TrialRecord } from "./trial-row.ts";

/** The outcome of one trial, as told. */
export interface Tell {
  readonly number: number;
  /** The attempt that the lease token names; undefined when the worker sent none. */
  readonly attempt: number | undefined;
  readonly state: TerminalState;
  /** In objective order; empty for a failed trial, and for a pruned one that takes its last report. */
  readonly values: readonly number[];
  readonly metrics: Metrics;
  readonly violation: number;
  readonly failure: string;
  /** Names the request, so that a repeat finds the first answer. */
  readonly key: string;
  /** If it is known: then it is not read back, as long as nothing else has changed the trial. */
  readonly known: HandedTrial | undefined;
}

/** What a new trial is to the first worker that it is handed to: until somebody changes its attributes or has another attempt. */
export type HandedTrial = Pick<
  TrialRecord,
  | "number"
  | "params"
  | "worker"
  | "sampler"
  | "reason"
  | "historyRevision"
  | "specVersion"
  | "fixed"
  | "createdAt"
  | "expected"
>;

export interface TellAnswer {
  /** The trials that this batch ended, by number. */
  readonly ended: ReadonlyMap<number, TrialRecord>;
  /** Undefined when it ended none. */
  readonly studyState: StudyState | undefined;
  /** Whether a trial of the batch had reported anything. */
  readonly haveReported: boolean;
}

interface Row {
  now_micros: number;
  /** Null when no trial was ended. */
  study_state: number | null;
  /** After the batch. */
  change_seq: number | null;
  /** In the sorted batch, from 1. */
  places: number[] | null;
  /** Null for a known trial. */
  rests: (Rest | null)[] | null;
  have_reported: boolean;
}

/**
 * Ends trials. No number may occur twice in a batch. Trials that are not answered did not accept their tell: they have
 * ended, never ran, do not exist, changed at this very moment, or the lease token names no attempt of theirs.
 *
 * @param mayHaveReported - whether trials of the study are known to report: costs nothing but time if wrong
 */
export async function tellStatement(
  pool: Pool,
  studyId: number,
  unordered: readonly Tell[],
  mayHaveReported: boolean,
): Promise<TellAnswer> {
  const tells = unordered.toSorted((a, b) => a.number - b.number);
  if (mayHaveReported) return end(pool, anyTell, studyId, tells);
  const leased = await end(pool, leasedTell, studyId, tells);
  const others = tells.filter(({ number }) => !leased.ended.has(number));
  if (others.length === 0) return leased;
  const rest = await end(pool, anyTell, studyId, others);
  return {
    ended: new Map([...leased.ended, ...rest.ended]),
    studyState: rest.studyState ?? leased.studyState,
    haveReported: rest.haveReported,
  };
}

async function end(pool: Pool, how: Statement, studyId: number, tells: readonly Tell[]): Promise<TellAnswer> {
  const [row] = await run<Row>(pool, how, [
    studyId,
    arrayLiteral(tells.map((tell) => tell.number)),
    arrayLiteral(tells.map((tell) => tell.attempt ?? null)),
    arrayLiteral(tells.map((tell) => trialStates.indexOf(tell.state))),
    lines(tells.map((tell) => arrayLiteral(tell.values))),
    lines(tells.map((tell) => encodeMetrics(tell.metrics))),
    arrayLiteral(tells.map((tell) => tell.violation)),
    tells.map((tell) => tell.failure),
    tells.map((tell) => tell.key),
    `{${tells.map(isKnown).join(",")}}`,
  ]);
  const ended = new Map<number, TrialRecord>();
  row?.places?.forEach((place, at) => {
    const tell = tells[place - 1]!;
    const revision = row.change_seq! - tells.length + place;
    const now = dateOfMicros(row.now_micros);
    const rest = row.rests![at];
    const trial =
      rest === null || rest === undefined
        ? endedKnown(tell, tell.known!, revision, now)
        : endedTrial(tell, revision, now, rest);
    ended.set(tell.number, trial);
  });
  return {
    ended,
    studyState: typeof row?.study_state === "number" ? studyState(row.study_state) : undefined,
    haveReported: row?.have_reported ?? false,
  };
}

/** A pruned trial may get the values of its last report. */
const isKnown = ({ known, state, values }: Tell): boolean =>
  known !== undefined && (state !== "pruned" || values.length > 0);

function endedKnown(tell: Tell, known: HandedTrial, revision: number, endedAt: Date): TrialRecord {
  return {
    number: tell.number,
    state: tell.state,
    attempt: 1,
    revision,
    endRevision: revision,
    params: known.params,
    // Minus zero is stored as zero.
    values: tell.values.map((value) => value + 0),
    metrics: tell.metrics,
    violation: tell.violation,
    worker: known.worker,
    failure: tell.failure,
    attributes: {},
    sampler: known.sampler,
    reason: known.reason,
    historyRevision: known.historyRevision,
    specVersion: known.specVersion,
    fixed: known.fixed,
    tellKey: tell.key,
    tellAttempt: 1,
    createdAt: known.createdAt,
    startedAt: known.createdAt,
    endedAt,
    expected: known.expected,
    formerPoints: [],
  };
}

function endedTrial(tell: Tell, revision: number, endedAt: Date, rest: Rest): TrialRecord {
  const [attempt, params, worker, attributes, sampler, reason, historyRevision, specVersion, ...others] =
    rest;
  const [fixed, createdAt, startedAt, expected, formerPoints, values] = others;
  return {
    number: tell.number,
    state: tell.state,
    attempt,
    revision,
    endRevision: revision,
    params,
    values: values.map(Number),
    metrics: tell.metrics,
    violation: tell.violation,
    worker,
    failure: tell.failure,
    attributes,
    sampler,
    reason,
    historyRevision,
    specVersion,
    fixed: fixed ?? undefined,
    tellKey: tell.key,
    tellAttempt: tell.attempt ?? 1,
    createdAt: dateOfSeconds(createdAt),
    startedAt: startedAt === null ? undefined : dateOfSeconds(startedAt),
    endedAt,
    expected: expected?.map(Number) ?? [],
    formerPoints: formerPoints ?? [],
  };
}

/** A double of seconds is exact to a quarter of a microsecond. */
const dateOfSeconds = (seconds: number): Date => dateOfMicros(Math.round(seconds * 1_000_000));
