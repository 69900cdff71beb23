import type { TrialColumns } from "../data/trial-columns.ts";

/** Trials of a front in a plane, with a third objective as a share. */
export interface FrontMarks {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** 0 the worst to 1 the best of these trials in the third objective. */
  readonly shares: Float64Array;
  readonly worst: number;
  readonly best: number;
}

/** @param sign 1 when smaller values of the third objective are better, -1 when larger ones are */
export function frontMarks(
  columns: Pick<TrialColumns, "values">,
  rows: readonly number[],
  [first, second, third]: readonly [number, number, number],
  sign: 1 | -1,
): FrontMarks {
  const read = (objective: number): Float64Array =>
    Float64Array.from(rows, (row) => columns.values[objective]?.[row] ?? NaN);
  const losses = read(third).map((value) => sign * value);
  let [best, worst] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (Number.isNaN(loss)) continue;
    best = Math.min(best, loss);
    worst = Math.max(worst, loss);
  }
  const shares = losses.map((loss) => (worst > best ? (worst - loss) / (worst - best) : 1));
  return { x: read(first), y: read(second), shares, worst: sign * worst, best: sign * best };
}
