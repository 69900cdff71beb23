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

/** How many trials no other beats in all objectives at once. Equal ones count each. */
export function frontSize(columns: TrialColumns, targets: readonly Target[]): number {
  const rows: number[] = [];
  for (let row = 0; row < columns.length; row++)
    if (targets.every((_, objective) => counts(columns, row, objective))) rows.push(row);
  const losses = rows.map((row) => targets.map(({ sign }, i) => sign * columns.values[i]![row]!));
  // In lexicographic order nothing is beaten by what comes after it.
  losses.sort((a, b) => {
    const at = a.findIndex((loss, i) => loss !== b[i]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  });
  const front: number[][] = [];
  for (const one of losses) {
    const isBeaten = front.some(
      (other) => other.every((loss, i) => loss <= one[i]!) && other.some((loss, i) => loss < one[i]!),
    );
    if (!isBeaten) front.push(one);
  }
  return front.length;
}
