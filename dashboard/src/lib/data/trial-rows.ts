import { decodeValue, type Target } from "./spec.ts";
import { RUNNING, type TrialColumns } from "./trial-columns.ts";

/** One column of the table of trials: how to sort it, and its value for files. */
export interface TrialField {
  readonly key: string;
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
  const state: TrialField = {
    key: "state",
    label: "State",
    numeric: false,
    measure: (row) => columns.state[row]!,
  };
  const values = targets.map(({ name }, index): TrialField => ({
    key: `values.${name}`,
    label: name,
    numeric: true,
    measure: (row) => columns.values[index]?.[row] ?? NaN,
  }));
  const params = columns.dimensions.map(({ name, kind }, index): TrialField => ({
    key: `params.${name}`,
    label: name,
    numeric: kind !== "categorical",
    measure: (row) => columns.params[index]?.[row] ?? NaN,
  }));
  return [
    { key: "number", label: "Trial", numeric: true, measure: (row) => row },
    state,
    ...values,
    ...params,
    { key: "duration", label: "Duration", numeric: true, measure: (row) => durationOf(columns, row, now) },
    { key: "worker", label: "Worker", numeric: false, measure: (row) => columns.worker[row] || NaN },
    { key: "attempt", label: "Attempts", numeric: true, measure: (row) => columns.attempt[row]! },
    { key: "ended", label: "Ended", numeric: true, measure: (row) => columns.ended[row]! },
  ];
}

/** How long a trial has run, in milliseconds; NaN if it never has. */
export function durationOf(columns: TrialColumns, row: number, now: number): number {
  const end = columns.state[row] === RUNNING ? now : columns.ended[row]!;
  return Math.max(0, end - columns.started[row]!);
}

/** Rows that pass, in order. Trials without a value of the field come last. */
export function sortRows(
  count: number,
  passes: (row: number) => boolean,
  measure: (row: number) => number,
  down: boolean,
): Uint32Array {
  const rows = new Uint32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) if (passes(row)) rows[kept++] = row;
  const keys = new Float64Array(count);
  for (let i = 0; i < kept; i++) keys[rows[i]!] = measure(rows[i]!);
  const sign = down ? -1 : 1;
  return rows.subarray(0, kept).sort((a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}

/** A trial as a plain object, for JSON files. */
export function trialRecord(
  columns: TrialColumns,
  targets: readonly Target[],
  row: number,
  stateName: string,
): Record<string, unknown> {
  const iso = (time: number): string | undefined =>
    Number.isNaN(time) ? undefined : new Date(time).toISOString();
  const params = columns.dimensions.flatMap((dimension, index) => {
    const value = decodeValue(dimension, columns.params[index]?.[row] ?? NaN);
    return value === undefined ? [] : [[dimension.name, value] as const];
  });
  const values = targets
    .map(({ name }, index) => [name, columns.values[index]?.[row]] as const)
    .filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return {
    number: row,
    state: stateName,
    params: Object.fromEntries(params),
    values: Object.fromEntries(values),
    worker: columns.workers[columns.worker[row]!] || undefined,
    attempt: columns.attempt[row],
    createTime: iso(columns.created[row]!),
    startTime: iso(columns.started[row]!),
    endTime: iso(columns.ended[row]!),
  };
}
