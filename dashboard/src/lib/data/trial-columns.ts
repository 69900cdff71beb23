import type { TrialColumns as Message } from "@asktell/proto/asktell/v1/trial_pb";
import type { Dimension } from "./spec.ts";

/** The states of a trial by their number on the wire. */
export const WAITING = 1;
export const RUNNING = 2;
export const COMPLETED = 3;
export const PRUNED = 4;
export const FAILED = 5;
export const INFEASIBLE = 6;
/** No state on the wire: a completed trial that breaks its study's constraints, which no best value counts. */
export const BREAKING = 7;

/**
 * A study's trials as columns, indexed by trial number (dense from 0). 100,000 trials of 10 parameters take 14 MB, where
 * as many messages would take ten times that; charts read the arrays as they are. Grows by doubling; changed in place.
 */
export interface TrialColumns {
  readonly dimensions: readonly Dimension[];
  /** Rows 0 … length - 1 are meaningful; a state of 0 marks a trial not yet received. */
  length: number;
  state: Uint8Array;
  /** Objective values, one column each; NaN where there is none. */
  readonly values: Float64Array[];
  /** Parameters as places on their number lines, one column each; NaN where the trial lacks it. */
  readonly params: Float64Array[];
  /** Times in milliseconds since 1970; NaN where it has not happened. */
  created: Float64Array;
  started: Float64Array;
  ended: Float64Array;
  leaseEnds: Float64Array;
  /** The study's revision at which the trial ended; 0 while it has not. The true order of results. */
  endRevision: Float64Array;
  attempt: Uint16Array;
  /** Index into {@link workers}. */
  worker: Uint32Array;
  /** Summed excess over the constraints; 0 for a feasible trial. */
  violation: Float64Array;
  /** Names of the workers, in order of appearance; the first is the empty name. */
  readonly workers: string[];
  /** Highest revision applied to each row: an older copy never replaces a newer one. */
  revision: Float64Array;
}

/** Empty columns for a study with these parameters and this many objectives. */
export function createTrialColumns(
  dimensions: readonly Dimension[],
  objectives: number,
  capacity = 256,
): TrialColumns {
  const column = (): Float64Array => new Float64Array(capacity).fill(NaN);
  return {
    dimensions,
    length: 0,
    state: new Uint8Array(capacity),
    values: Array.from({ length: objectives }, column),
    params: dimensions.map(column),
    created: column(),
    started: column(),
    ended: column(),
    leaseEnds: column(),
    endRevision: new Float64Array(capacity),
    attempt: new Uint16Array(capacity),
    worker: new Uint32Array(capacity),
    violation: new Float64Array(capacity),
    workers: [""],
    revision: new Float64Array(capacity).fill(-1),
  };
}

/**
 * Writes trials as they are now into their rows.
 * @returns how many of them were not there before
 */
export function putTrials(columns: TrialColumns, message: Message): number {
  const workers = message.workerNames.map((name) => workerIndex(columns, name));
  let added = 0;
  message.numbers.forEach((row, i) => {
    if (row >= columns.state.length) grow(columns, row + 1);
    const revision = Number(message.revisions[i]);
    if (revision < columns.revision[row]!) return;
    if (columns.state[row] === 0) added += 1;
    columns.length = Math.max(columns.length, row + 1);
    columns.revision[row] = revision;
    columns.state[row] = message.states[i]!;
    columns.values.forEach((column, index) => (column[row] = message.values[index]?.numbers[i] ?? NaN));
    columns.params.forEach((column, index) => (column[row] = message.params[index]?.numbers[i] ?? NaN));
    columns.created[row] = message.createTimes[i] ?? NaN;
    columns.started[row] = message.startTimes[i] ?? NaN;
    columns.ended[row] = message.endTimes[i] ?? NaN;
    columns.leaseEnds[row] = message.leaseExpireTimes[i] ?? NaN;
    columns.endRevision[row] = Number(message.endRevisions[i] ?? 0);
    columns.attempt[row] = message.attempts[i] ?? 0;
    columns.violation[row] = message.violations[i] ?? 0;
    columns.worker[row] = workers[message.workers[i] ?? 0] ?? 0;
  });
  return added;
}

const indices = new WeakMap<readonly string[], Map<string, number>>();

function workerIndex(columns: TrialColumns, name: string): number {
  let byName = indices.get(columns.workers);
  if (byName === undefined) indices.set(columns.workers, (byName = new Map([["", 0]])));
  let index = byName.get(name);
  if (index === undefined) {
    index = columns.workers.push(name) - 1;
    byName.set(name, index);
  }
  return index;
}

function grow(columns: TrialColumns, needed: number): void {
  const capacity = Math.max(needed, columns.state.length * 2);
  const widen = (old: Float64Array, filler = NaN): Float64Array => {
    const wide = new Float64Array(capacity).fill(filler, old.length);
    wide.set(old);
    return wide;
  };
  columns.state = copyInto(new Uint8Array(capacity), columns.state);
  columns.attempt = copyInto(new Uint16Array(capacity), columns.attempt);
  columns.worker = copyInto(new Uint32Array(capacity), columns.worker);
  columns.values.forEach((column, index) => (columns.values[index] = widen(column)));
  columns.params.forEach((column, index) => (columns.params[index] = widen(column)));
  columns.created = widen(columns.created);
  columns.started = widen(columns.started);
  columns.ended = widen(columns.ended);
  columns.leaseEnds = widen(columns.leaseEnds);
  columns.endRevision = widen(columns.endRevision, 0);
  columns.violation = widen(columns.violation, 0);
  columns.revision = widen(columns.revision, -1);
}

function copyInto<T extends { set(source: T): void }>(target: T, source: T): T {
  target.set(source);
  return target;
}

/** How charts and tables mark a trial: by its state, or {@link BREAKING}. */
export function markOf(columns: Pick<TrialColumns, "state" | "violation">, row: number): number {
  const state = columns.state[row] ?? 0;
  return state === COMPLETED && (columns.violation[row] ?? 0) > 0 ? BREAKING : state;
}
