import { createCurveColumns } from "./curve-columns.ts";
import { createColumn } from "./numerics/column.ts";
import { createPointIndex } from "./point-index.ts";
import type { Curve } from "./curve.ts";
import type { Point } from "./space/point.ts";
import type { Params } from "./space/parameter.ts";
import type { Space } from "./space/space.ts";

/** How a trial stands, as far as samplers and pruners care. Waiting and running trials are both `pending`. */
export type Outcome = "pending" | "completed" | "pruned" | "failed" | "infeasible";

/** One objective: its name and direction. */
export interface Objective {
  readonly name: string;
  readonly goal: "minimize" | "maximize";
}

/** How a trial ended, as it enters the history. */
export interface Result {
  readonly outcome: Exclude<Outcome, "pending">;
  /** In objective order, as told by the worker; empty when failed. A pruned trial has its last reported value, if any. */
  readonly values: readonly number[];
  /** Sum of the amounts by which constraints are exceeded: 0 is feasible. */
  readonly violation: number;
  /**
   * By how much each constraint is exceeded, in their order: at most 0 where it is kept, NaN where nothing is known. Absent: nothing is
   * known of any.
   */
  readonly excesses?: readonly number[];
  /** The reports that it made. */
  readonly curve: Curve;
  /** The study's change number at which it ended: orders the ended trials. */
  readonly revision: number;
}

/** A study's trials as analyses read them. Trials are numbered densely from 0. */
export interface Trials {
  readonly space: Space;
  readonly objectives: readonly Objective[];
  /** How many trials there are; the next one has this number. */
  readonly size: number;
  /** Numbers of the ended trials in the order in which they ended. A view: read it before the history changes. */
  readonly ended: Int32Array;
  outcome(number: number): Outcome;
  /** Coordinates, NaN where inactive. A view: read it before the history changes. */
  point(number: number): Point;
  /** As told, one an objective, NaN where missing or pending. A view: read it before the history changes. */
  values(number: number): Float64Array;
  violation(number: number): number;
  /** How many reports an ended trial has made; 0 while it is pending. */
  reports(number: number): number;
  /** How many trials, whatever their outcome, are at exactly this point (made by Space.toPoint); counted up to `most`. */
  count(point: Point, most?: number): number;
}

/** Copies of the columns of Trials, to be read elsewhere: no functions, so that it can go to another thread. */
export interface TrialsSnapshot {
  /** Row-major, a row a trial, as are the values. */
  readonly points: Float64Array;
  readonly values: Float64Array;
  /** Indices of OUTCOMES. */
  readonly outcomes: Uint8Array;
  readonly violations: Float64Array;
  readonly reports: Int32Array;
  readonly ended: Int32Array;
}

/**
 * A study's trials in columns, as samplers and pruners read them. Followers keep their own position in `ended` and the `epoch` that
 * they saw, and read only what is new.
 */
export interface History extends Trials {
  /** How many constraints the outcomes have. */
  readonly constraints: number;
  /** Numbers of the pending trials, ascending. A view: read it before the history changes. */
  readonly pending: Int32Array;
  /** Counts what happened to pending trials besides their ends: when it changes, some may be gone or have other points. */
  readonly epoch: number;
  /** Change number of the trial that ended last; 0 before any has. */
  readonly revision: number;
  /** Size of the columns in bytes. */
  readonly bytes: number;
  /** Reports of an ended trial; empty while it is pending. Views: read them before the history changes. */
  curve(number: number): Curve;
  /** By how much a trial exceeds each constraint (see Result). A view: read it before the history changes. */
  excesses(number: number): Float64Array;
  /** The trials as they are now, whatever becomes of the history. */
  snapshot(): TrialsSnapshot;
  /** Appends a trial that waits or runs; `number` is `size`. */
  addPending(number: number, params: Params): void;
  /** The same for a trial whose coordinates are known, made by Space.toPoint. */
  addPendingAt(number: number, point: Point): void;
  /** Forgets all trials from this number on; every one of them is still pending. */
  dropPending(fromNumber: number): void;
  /** Gives a pending trial another point, made by Space.toPoint. */
  movePending(number: number, point: Point): void;
  /** Ends a pending trial. Results come in the order of their revisions. */
  end(number: number, result: Result): void;
}

/** Every outcome; columns hold the index. */
export const OUTCOMES: readonly Outcome[] = ["pending", "completed", "pruned", "failed", "infeasible"];

/** @param constraints - how many the outcomes have */
export function createHistory(space: Space, objectives: readonly Objective[], constraints = 0): History {
  const width = space.dimensions.length;
  const depth = objectives.length;
  const points = createColumn(Float64Array, width);
  const outcomes = createColumn(Uint8Array, 1);
  const values = createColumn(Float64Array, depth);
  const violations = createColumn(Float64Array, 1);
  const excesses = createColumn(Float64Array, constraints);
  const ended = createColumn(Int32Array, 1);
  const pending = createColumn(Int32Array, 1);
  const curves = createCurveColumns(depth);
  const parts = [points, outcomes, values, violations, excesses, ended, pending, curves];
  const index = createPointIndex((number) => points.row(number));
  let epoch = 0;
  let revision = 0;

  const positionInPending = (number: number): number => {
    const numbers = pending.all();
    let low = 0;
    for (let high = numbers.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return numbers[low] === number ? low : -1;
  };

  const addPendingAt = (number: number, point: Point): void => {
    if (number !== outcomes.length)
      throw new RangeError(`trial ${number} follows trial ${outcomes.length - 1}`);
    points.push(point);
    outcomes.push(0);
    values.push(NaN);
    violations.push(0);
    excesses.push(NaN);
    curves.push();
    pending.push(number);
    index.push();
  };

  return {
    space,
    objectives,
    constraints,
    get size() {
      return outcomes.length;
    },
    get ended() {
      return ended.all();
    },
    get pending() {
      return pending.all();
    },
    get epoch() {
      return epoch;
    },
    get revision() {
      return revision;
    },
    get bytes() {
      return parts.reduce((sum, { bytes }) => sum + bytes, index.bytes);
    },
    outcome: (number) => OUTCOMES[outcomes.get(number)]!,
    point: (number) => points.row(number),
    values: (number) => values.row(number),
    violation: (number) => violations.get(number),
    reports: (number) => curves.count(number),
    excesses: (number) => excesses.row(number),
    snapshot: () => ({
      points: points.all().slice(),
      values: values.all().slice(),
      outcomes: outcomes.all().slice(),
      violations: violations.all().slice(),
      reports: curves.counts().slice(),
      ended: ended.all().slice(),
    }),
    curve: (number) => curves.get(number),
    count: (point, most) => index.count(point, most),
    addPending: (number, params) => addPendingAt(number, space.toPoint(params)),
    addPendingAt,
    dropPending(fromNumber) {
      if (fromNumber >= outcomes.length) return;
      const position = positionInPending(fromNumber);
      if (position < 0 || pending.length - position !== outcomes.length - fromNumber) {
        throw new RangeError(`trials from ${fromNumber} on are not all pending`);
      }
      for (let size = outcomes.length; size > fromNumber; size--) index.pop();
      for (const part of [points, outcomes, values, violations, excesses, curves]) part.truncate(fromNumber);
      pending.truncate(position);
      epoch++;
    },
    movePending(number, point) {
      if (positionInPending(number) < 0) throw new RangeError(`trial ${number} is not pending`);
      index.change(number, () => points.row(number).set(point));
      epoch++;
    },
    end(number, result) {
      const position = positionInPending(number);
      if (position < 0) throw new RangeError(`trial ${number} is not pending`);
      pending.remove(position);
      outcomes.set(number, 0, OUTCOMES.indexOf(result.outcome));
      violations.set(number, 0, result.violation);
      for (let i = 0; i < depth; i++) values.set(number, i, result.values[i] ?? NaN);
      for (let i = 0; i < constraints; i++) excesses.set(number, i, result.excesses?.[i] ?? NaN);
      curves.set(number, result.curve);
      ended.push(number);
      revision = result.revision;
    },
  };
}
