import { counts } from "./best-so-far.ts";
import type { Target } from "./spec.ts";
import type { TrialColumns } from "./trial-columns.ts";

/**
 * Rows of the Pareto front of two objectives, ordered by the first. One sort and one sweep, O(n log n) (Kung, Luccio and
 * Preparata 1975): a point is on the front if no earlier one is as good in the second objective.
 */
export function paretoFront(
  columns: TrialColumns,
  targets: readonly Target[],
  first = 0,
  second = 1,
): number[] {
  const [a, b] = [columns.values[first], columns.values[second]];
  const [signA, signB] = [targets[first]?.sign ?? 1, targets[second]?.sign ?? 1];
  if (a === undefined || b === undefined) return [];
  const rows: number[] = [];
  for (let row = 0; row < columns.length; row++) {
    if (counts(columns, row, first) && counts(columns, row, second)) rows.push(row);
  }
  rows.sort((i, j) => signA * (a[i]! - a[j]!) || signB * (b[i]! - b[j]!) || i - j);
  const front: number[] = [];
  let best = Infinity;
  for (const row of rows) {
    const value = signB * b[row]!;
    if (value >= best) continue;
    best = value;
    front.push(row);
  }
  return front;
}
