import { toCsv } from "../charts/csv.ts";
import { formatParameter } from "../format.ts";
import { decodeValue, type Target } from "./spec.ts";
import type { TrialColumns } from "./trial-columns.ts";
import type { TrialField } from "./trial-rows.ts";

/** What files of trials are made from. */
export interface TrialFileSource {
  readonly columns: TrialColumns;
  readonly targets: readonly Target[];
  /** The name of a state, from its number on the wire. */
  readonly stateName: (state: number) => string;
}

/** Trials as comma-separated values: one line each, with the columns that are wanted. */
export function trialsAsCsv(
  source: TrialFileSource,
  fields: readonly TrialField[],
  rows: Iterable<number>,
): string {
  const lines = Array.from(rows, (row) => fields.map((field) => cellOf(source, field, row)));
  return toCsv(
    fields.map(({ label }) => label),
    lines,
  );
}

function cellOf({ columns, stateName }: TrialFileSource, field: TrialField, row: number): string | number {
  const measured = field.measure(row);
  switch (field.kind) {
    case "state":
      return stateName(measured);
    case "worker":
      return columns.workers[columns.worker[row]!] ?? "";
    case "ended":
      return isoTime(measured) ?? "";
    case "param": {
      const dimension = columns.dimensions[field.index];
      const value = dimension === undefined ? undefined : decodeValue(dimension, measured);
      return typeof value === "number" ? value : value === undefined ? "" : formatParameter(value);
    }
    default:
      return measured;
  }
}

/** Trials as a list in JSON, each with what it has. */
export function trialsAsJson(source: TrialFileSource, rows: Iterable<number>): string {
  return JSON.stringify(
    Array.from(rows, (row) => recordOf(source, row)),
    null,
    1,
  );
}

function recordOf({ columns, targets, stateName }: TrialFileSource, row: number) {
  const params = columns.dimensions.flatMap((dimension, index) => {
    const value = decodeValue(dimension, columns.params[index]?.[row] ?? NaN);
    return value === undefined ? [] : [[dimension.name, value] as const];
  });
  const values = targets.flatMap(({ name }, index) => {
    const value = columns.values[index]?.[row] ?? NaN;
    // JSON has no infinite numbers; the API says them in this way, too.
    return Number.isNaN(value) ? [] : [[name, Number.isFinite(value) ? value : String(value)] as const];
  });
  return {
    number: row,
    state: stateName(columns.state[row]!),
    params: Object.fromEntries(params),
    values: Object.fromEntries(values),
    worker: columns.workers[columns.worker[row]!] || undefined,
    attempt: columns.attempt[row],
    createTime: isoTime(columns.created[row]!),
    startTime: isoTime(columns.started[row]!),
    endTime: isoTime(columns.ended[row]!),
  };
}

function isoTime(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
