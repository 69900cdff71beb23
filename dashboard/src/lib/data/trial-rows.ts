import type { Target } from "./spec.ts";
import { RUNNING, type TrialColumns } from "./trial-columns.ts";

/** One column of the table of trials. */
export interface TrialField {
  readonly key: string;
  readonly kind: "number" | "state" | "value" | "param" | "duration" | "worker" | "attempt" | "ended";
  /** Which objective or parameter, from 0. */
  readonly index: number;
  readonly label: string;
  readonly numeric: boolean;
  /** What to sort by; NaN comes last in either direction. */
  readonly measure: (row: number) => number;
}

/** Every column that a study's trials have, with the values as they are. */
export function trialFields(
  columns: TrialColumns,
  targets: readonly Target[],
  now: number,
): readonly TrialField[] {
  const single = (
    kind: TrialField["kind"],
    label: string,
    numeric: boolean,
    measure: TrialField["measure"],
  ): TrialField => ({ key: kind, kind, index: 0, label, numeric, measure });
  const { worker, attempt, ended, state } = columns;
  let ranks: readonly number[] | undefined; // made when first asked for
  return [
    single("number", "Trial", true, (row) => row),
    single("state", "State", false, (row) => state[row]!),
    ...targets.map(({ name }, index): TrialField => {
      const column = columns.values[index];
      const measure = (row: number): number => column?.[row] ?? NaN;
      return { key: `values.${name}`, kind: "value", index, label: name, numeric: true, measure };
    }),
    ...columns.dimensions.map(({ name, kind }, index): TrialField => {
      const column = columns.params[index];
      const measure = (row: number): number => column?.[row] ?? NaN;
      const numeric = kind !== "categorical";
      return { key: `params.${name}`, kind: "param", index, label: name, numeric, measure };
    }),
    single("duration", "Duration", true, (row) => durationOf(columns, row, now)),
    single("worker", "Worker", false, (row) => (ranks ??= ranksOf(columns.workers))[worker[row]!] ?? NaN),
    single("attempt", "Attempts", true, (row) => attempt[row]!),
    single("ended", "Ended", true, (row) => ended[row]!),
  ];
}

/** The place of each name among all of them, in the order in which people look for names; NaN for the empty one. */
function ranksOf(names: readonly string[]): number[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const ranks = names.map(() => NaN);
  const sorted = names.map((name, index) => ({ name, index })).sort((a, b) => compare(a.name, b.name));
  for (const [rank, { name, index }] of sorted.entries()) if (name !== "") ranks[index] = rank;
  return ranks;
}

/** How long a trial has run, in milliseconds; NaN if it never has. */
export function durationOf(columns: TrialColumns, row: number, now: number): number {
  const end = columns.state[row] === RUNNING ? now : columns.ended[row]!;
  return Math.max(0, end - columns.started[row]!);
}

/**
 * Rows that pass, in order. Trials without a value of the field come last.
 * @param measure what to sort by; undefined for the trial's number
 */
export function sortRows(
  count: number,
  passes: (row: number) => boolean,
  measure: ((row: number) => number) | undefined,
  down: boolean,
): Uint32Array {
  const all = new Uint32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) if (passes(row)) all[kept++] = row;
  const rows = all.subarray(0, kept);
  if (measure === undefined) return down ? rows.reverse() : rows;
  const keys = new Float64Array(count);
  for (const row of rows) keys[row] = measure(row);
  return rows.sort(compareRows(keys, down));
}

/** Which of two rows comes first by their keys: those without one last, and of equal ones the earlier trial first. */
export function compareRows(keys: Float64Array, down: boolean): (a: number, b: number) => number {
  const sign = down ? -1 : 1;
  return (a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    // No NaN equals itself.
    if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a - b;
    return sign * (x - y) || a - b;
  };
}
