import type { History, Outcome } from "../../optimizer/history.ts";
import type { Curve } from "../../optimizer/curve.ts";

/** How far a copy of a history has come. */
export interface Position {
  readonly size: number;
  readonly ended: number;
  readonly epoch: number;
  /** The highest number among the ended trials, −1 without any: later ones may have been dropped since. */
  readonly newestEnded: number;
}

/** What a copy lacks, as columns whose buffers can be transferred. */
export interface HistoryDelta {
  /** Trials from this number on are replaced by those of `points`, row-major. */
  readonly from: number;
  /** How many trials there are then. */
  readonly size: number;
  readonly points: Float64Array<ArrayBuffer>;
  /** Trials before `from` that may have other points by now, and those points, row-major. */
  readonly moved: Int32Array<ArrayBuffer>;
  readonly movedPoints: Float64Array<ArrayBuffer>;
  /** Trials that have ended, in that order. */
  readonly numbers: Int32Array<ArrayBuffer>;
  readonly outcomes: readonly Outcome[];
  /** One an objective, row-major. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly violations: Float64Array<ArrayBuffer>;
  /** One a constraint, row-major. */
  readonly excesses: Float64Array<ArrayBuffer>;
  /** Reports of each trial, and all of them one after the other. */
  readonly curveLengths: Int32Array<ArrayBuffer>;
  readonly curveSteps: Float64Array<ArrayBuffer>;
  /** One row of objective values a report. */
  readonly curveVectors: Float64Array<ArrayBuffer>;
  readonly revision: number;
}

export const START: Position = { size: 0, ended: 0, epoch: 0, newestEnded: -1 };

/** What has happened since a position, and the position after it. */
export function deltaSince(history: History, since: Position): { delta: HistoryDelta; position: Position } {
  const { size, epoch, revision } = history;
  const numbers = Int32Array.from(history.ended.subarray(since.ended));
  const from = Math.min(size, epoch === since.epoch ? since.size : since.newestEnded + 1);
  const width = history.space.dimensions.length;
  const depth = history.objectives.length;
  const points = new Float64Array((size - from) * width);
  for (let number = from; number < size; number++) points.set(history.point(number), (number - from) * width);
  // A pending trial may have been given another point, and have ended since.
  const moved =
    epoch === since.epoch
      ? new Int32Array(0)
      : Int32Array.from([...history.pending, ...numbers].filter((number) => number < from));
  const movedPoints = new Float64Array(moved.length * width);
  moved.forEach((number, i) => movedPoints.set(history.point(number), i * width));
  const values = new Float64Array(numbers.length * depth);
  const excesses = new Float64Array(numbers.length * history.constraints);
  const curveLengths = numbers.map((number) => history.curve(number).steps.length);
  const reports = curveLengths.reduce((sum, length) => sum + length, 0);
  const curveSteps = new Float64Array(reports);
  const curveVectors = new Float64Array(reports * depth);
  let at = 0;
  numbers.forEach((number, i) => {
    values.set(history.values(number), i * depth);
    excesses.set(history.excesses(number), i * history.constraints);
    const curve = history.curve(number);
    curveSteps.set(curve.steps, at);
    curveVectors.set(curve.vectors ?? curve.values, at * depth);
    at += curve.steps.length;
  });
  return {
    delta: {
      from,
      size,
      points,
      moved,
      movedPoints,
      numbers,
      outcomes: Array.from(numbers, (number) => history.outcome(number)),
      values,
      violations: Float64Array.from(numbers, (number) => history.violation(number)),
      excesses,
      curveLengths,
      curveSteps,
      curveVectors,
      revision,
    },
    position: {
      size,
      ended: history.ended.length,
      epoch,
      newestEnded: numbers.reduce((newest, number) => Math.max(newest, number), since.newestEnded),
    },
  };
}

export function applyDelta(history: History, delta: HistoryDelta): void {
  const width = history.space.dimensions.length;
  const depth = history.objectives.length;
  const bounds = history.constraints;
  history.dropPending(delta.from);
  delta.moved.forEach((number, i) =>
    history.movePending(number, delta.movedPoints.subarray(i * width, (i + 1) * width)),
  );
  for (let i = 0; delta.from + i < delta.size; i++)
    history.addPendingAt(delta.from + i, delta.points.subarray(i * width, (i + 1) * width));
  let at = 0;
  delta.numbers.forEach((number, i) => {
    const outcome = delta.outcomes[i]!;
    if (outcome === "pending") throw new TypeError(`trial ${number} is pending and has ended`);
    const end = at + delta.curveLengths[i]!;
    history.end(number, {
      outcome,
      values: Array.from(delta.values.subarray(i * depth, (i + 1) * depth)),
      violation: delta.violations[i]!,
      excesses: Array.from(delta.excesses.subarray(i * bounds, (i + 1) * bounds)),
      curve: curveOf(delta, at, end, depth),
      revision: delta.revision,
    });
    at = end;
  });
}

function curveOf({ curveSteps, curveVectors }: HistoryDelta, from: number, to: number, depth: number): Curve {
  const steps = curveSteps.subarray(from, to);
  const vectors = curveVectors.subarray(from * depth, to * depth);
  return { steps, values: steps.map((_, at) => vectors[at * depth]!), vectors };
}

/** The buffers of a delta, to be moved instead of copied. */
export function buffersOf(delta: HistoryDelta): ArrayBuffer[] {
  return Object.values(delta).flatMap((field: unknown) =>
    field instanceof Float64Array || field instanceof Int32Array ? [field.buffer as ArrayBuffer] : [],
  );
}
