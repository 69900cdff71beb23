import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { encodeValue, type Dimension } from "./spec.ts";

/** The states of a trial by their number on the wire. */
export const WAITING = 1;
export const RUNNING = 2;
export const COMPLETED = 3;
export const PRUNED = 4;
export const FAILED = 5;
export const INFEASIBLE = 6;

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

/** Writes a trial as it is now into its row. */
export function putTrial(columns: TrialColumns, trial: Trial): void {
  const row = trial.number;
  if (row >= columns.state.length) grow(columns, row + 1);
  const revision = Number(trial.revision);
  if (revision < (columns.revision[row] ?? -1)) return;
  columns.revision[row] = revision;
  columns.length = Math.max(columns.length, row + 1);
  columns.state[row] = trial.state;
  columns.values.forEach((column, index) => (column[row] = trial.values[index] ?? NaN));
  columns.dimensions.forEach((dimension, index) => {
    const column = columns.params[index];
    if (column !== undefined) column[row] = encodeValue(dimension, trial.params?.[dimension.name]);
  });
  columns.created[row] = time(trial.createTime);
  columns.started[row] = time(trial.startTime);
  columns.ended[row] = time(trial.endTime);
  columns.leaseEnds[row] = time(trial.leaseExpireTime);
  columns.endRevision[row] = Number(trial.endRevision);
  columns.attempt[row] = trial.attempt;
  columns.violation[row] = trial.violation;
  columns.worker[row] = workerIndex(columns, trial.worker);
}

function time(stamp: Parameters<typeof timestampMs>[0] | undefined): number {
  return stamp === undefined ? NaN : timestampMs(stamp);
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
