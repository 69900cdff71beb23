import { counts } from "./best-so-far.ts";
import type { TrialColumns } from "./trial-columns.ts";

/** The empirical distribution of an objective's values. */
export interface Distribution {
  /** Values in rising order; of many thousand, evenly chosen ones with both ends. */
  readonly values: readonly number[];
  /** The share of trials at or below each value. */
  readonly shares: readonly number[];
  readonly count: number;
  readonly median: number;
}

const MOST = 1_000; // steps: more than pixels

/** The distribution over completed, feasible trials. */
export function distributionOf(columns: TrialColumns, objective: number): Distribution {
  const column = columns.values[objective];
  const found: number[] = [];
  for (let row = 0; row < columns.length; row++)
    if (column !== undefined && counts(columns, row, objective)) found.push(column[row]!);
  const sorted = Float64Array.from(found).sort();
  const n = sorted.length;
  const kept = Math.min(n, MOST);
  const at = Array.from({ length: kept }, (_, i) =>
    kept === 1 ? 0 : Math.round((i * (n - 1)) / (kept - 1)),
  );
  return {
    values: at.map((i) => sorted[i]!),
    shares: at.map((i) => (i + 1) / n),
    count: n,
    median: n === 0 ? NaN : sorted[Math.floor((n - 1) / 2)]!,
  };
}
