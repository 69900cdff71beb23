import type { Trials } from "../history.ts";

/** Trials with their losses in columns, as analyses read them. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  /** Trial numbers, ascending. */
  readonly numbers: Int32Array;
  /** Row-major unit-cube coordinates, NaN where inactive. */
  readonly points: Float64Array;
  /** One objective, to be minimised; within ±{@link LARGEST}, so that sums of squares stay finite. */
  readonly losses: Float64Array;
}

export interface RowsOptions {
  /** Index of the objective. Default 0. */
  readonly objective?: number;
  /** Most rows to answer. The best ones and an even sample of the others are kept. Default: all. */
  readonly limit?: number;
}

/** Losses beyond it are drawn in: a training that diverged may say 1e300, whose square no number holds. */
const LARGEST = 1e140;

/** The share of `limit` that goes to the best trials. */
const BEST_SHARE = 0.25;

/** Completed trials, feasible or not, whose objective is finite. */
export function completedRows(history: Trials, { objective = 0, limit = Infinity }: RowsOptions = {}): Rows {
  const found: number[] = [];
  for (const number of history.ended) {
    const outcome = history.outcome(number);
    if (outcome !== "completed" && outcome !== "infeasible") continue;
    if (Number.isFinite(history.values(number)[objective] ?? NaN)) found.push(number);
  }
  return rowsOf(history, found, { objective, limit });
}

/** Given completed trials whose objective is finite. */
export function rowsOf(
  history: Trials,
  numbers: readonly number[],
  { objective = 0, limit = Infinity }: RowsOptions = {},
): Rows {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const width = history.space.dimensions.length;
  const found = numbers.toSorted((a, b) => a - b);
  const lossOf = (number: number): number =>
    Math.max(-LARGEST, Math.min(LARGEST, sign * history.values(number)[objective]!));
  const kept = found.length <= limit ? found : thin(found, lossOf, limit);
  const points = new Float64Array(kept.length * width);
  kept.forEach((number, row) => points.set(history.point(number), row * width));
  return {
    count: kept.length,
    width,
    numbers: Int32Array.from(kept),
    points,
    losses: Float64Array.from(kept, lossOf),
  };
}

function thin(numbers: readonly number[], lossOf: (number: number) => number, limit: number): number[] {
  const byLoss = [...numbers].sort((a, b) => lossOf(a) - lossOf(b) || a - b);
  const bestCount = Math.floor(limit * BEST_SHARE);
  const rest = byLoss.slice(bestCount);
  const sampled = Array.from(
    { length: limit - bestCount },
    (_, at) => rest[Math.floor((at * rest.length) / (limit - bestCount))]!,
  );
  return [...byLoss.slice(0, bestCount), ...sampled].sort((a, b) => a - b);
}

/** Losses whose far tail is drawn in to the third quartile plus `reach` interquartile ranges, so that it cannot dominate a fit. */
export function withoutTail(losses: Float64Array, reach = 5): Float64Array {
  const sorted = losses.toSorted();
  const at = (p: number): number => quantileOf(sorted, p);
  const bound = at(0.75) + reach * (at(0.75) - at(0.25));
  return bound > at(0.75) ? losses.map((loss) => Math.min(loss, bound)) : losses;
}

/** Mean squared distance from the mean. */
export function varianceOf(losses: Float64Array): number {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / losses.length;
}

/** The share-`p` quantile of ascending numbers, by linear interpolation; NaN when there are none. */
export function quantileOf(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return NaN;
  const position = p * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low === high ? low : low + (high - low) * (position - Math.floor(position));
}

/** Share of the space, by volume, in which each dimension is active. */
export function activeShares(history: Trials): Float64Array {
  const { space } = history;
  const shares = new Float64Array(space.dimensions.length).fill(1);
  for (const index of space.order) {
    const { parent, activeCells } = space.dimensions[index]!;
    if (parent < 0) continue;
    const { edge } = space.dimensions[parent]!;
    const width = activeCells.reduce((sum, cell) => sum + edge(cell + 1) - edge(cell), 0);
    shares[index] = shares[parent]! * width;
  }
  return shares;
}
