import { COMPLETED, type TrialColumns } from "./trial-columns.ts";
import type { Target } from "./spec.ts";

/** The best value as the study went on: after trial `rows[i]` ended, the best was `values[i]`. Improvements only. */
export interface BestSoFar {
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

/** Whether a trial's value of an objective counts: completed, within the constraints, and a number. */
export function counts(columns: TrialColumns, row: number, objective = 0): boolean {
  return (
    columns.state[row] === COMPLETED &&
    columns.violation[row] === 0 &&
    Number.isFinite(columns.values[objective]?.[row] ?? NaN)
  );
}

/**
 * The improvements of an objective.
 * @param order rows in the order to read them: by trial number (the default), or by the time they ended
 */
export function bestSoFar(
  columns: TrialColumns,
  target: Target,
  objective = 0,
  order?: ArrayLike<number>,
): BestSoFar {
  const values = columns.values[objective];
  const rows: number[] = [];
  const bests: number[] = [];
  let best = Infinity;
  const n = order?.length ?? columns.length;
  for (let i = 0; i < n; i++) {
    const row = order === undefined ? i : (order[i] ?? 0);
    if (!counts(columns, row, objective)) continue;
    const value = values?.[row] ?? NaN;
    if (target.sign * value >= best) continue;
    best = target.sign * value;
    rows.push(row);
    bests.push(value);
  }
  return { rows, values: bests };
}

/** Rows that have ended, in the order in which their results became known. */
export function endOrder(columns: TrialColumns): Uint32Array {
  const ended: number[] = [];
  for (let row = 0; row < columns.length; row++) if (columns.state[row]! >= COMPLETED) ended.push(row);
  ended.sort((a, b) => columns.endRevision[a]! - columns.endRevision[b]! || a - b);
  return Uint32Array.from(ended);
}
