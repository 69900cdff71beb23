import type { Dimension, Target } from "./spec.ts";
import { COMPLETED, PRUNED, type TrialColumns } from "./trial-columns.ts";

/** One axis of parallel coordinates. */
export interface ParallelAxis {
  readonly key: string;
  readonly name: string;
  readonly objective: boolean;
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** The column's share of the axis, 0 at its lower end and 1 at its upper; NaN where the trial has none. One entry a line. */
  readonly shares: Float32Array;
  readonly dimension: Dimension | undefined;
}

/** Trials as lines over axes, the worst first. */
export interface ParallelLines {
  readonly axes: readonly ParallelAxis[];
  /** The trial of each line. */
  readonly rows: Uint32Array;
  /** How good each line is: 0 the worst, 1 the best. */
  readonly ranks: Float32Array;
}

/**
 * Lines for every trial that has a value: parameters first, objectives last.
 * @param log whether the objectives lie on log scales where their values allow it
 * @param objective which objective says how good a line is
 */
export function parallelLines(
  columns: TrialColumns,
  targets: readonly Target[],
  log = false,
  objective = 0,
): ParallelLines {
  const { state: states, length } = columns;
  const values = columns.values[objective] ?? new Float64Array(length).fill(NaN);
  const sign = targets[objective]?.sign ?? 1;
  const found: number[] = [];
  for (let row = 0; row < length; row++) {
    const state = states[row]!;
    if ((state === COMPLETED || state === PRUNED) && Number.isFinite(values[row]!)) found.push(row);
  }
  found.sort((a, b) => sign * (values[b]! - values[a]!) || b - a);
  const rows = Uint32Array.from(found);
  const ranks = new Float32Array(rows.length).fill(1);
  if (rows.length > 1) for (let i = 0; i < rows.length; i++) ranks[i] = i / (rows.length - 1);
  const parameters = columns.dimensions.map((dimension, index) =>
    axisOf(
      `params.${dimension.name}`,
      dimension.name,
      columns.params[index]!,
      rows,
      [dimension.low, dimension.high],
      dimension.log,
      dimension,
    ),
  );
  const objectives = targets.map(({ name }, index) => {
    const column = columns.values[index]!;
    const [low, high] = bounds(column, rows);
    return axisOf(`values.${name}`, name, column, rows, [low, high], log && low > 0, undefined);
  });
  return { axes: [...parameters, ...objectives], rows, ranks };
}

function axisOf(
  key: string,
  name: string,
  column: Float64Array,
  rows: Uint32Array,
  [low, high]: readonly [number, number],
  log: boolean,
  dimension: Dimension | undefined,
): ParallelAxis {
  const warp = log ? Math.log : (v: number): number => v;
  const [from, to] = [warp(low), warp(high)];
  const length = to - from || 1;
  const shares = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++)
    shares[i] = from === to ? 0.5 : (warp(column[rows[i]!]!) - from) / length;
  return { key, name, objective: dimension === undefined, low, high, log, shares, dimension };
}

function bounds(column: Float64Array, rows: Uint32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    const value = column[row]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The value at a share of an axis. */
export function valueAt(
  { low, high, log }: Pick<ParallelAxis, "low" | "high" | "log">,
  share: number,
): number {
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/** The share of an axis at a value. */
export function shareAt(
  { low, high, log }: Pick<ParallelAxis, "low" | "high" | "log">,
  value: number,
): number {
  if (low === high) return 0.5;
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** Ranges picked out, by the axis' key, in values: they hold when an axis grows or changes its scale. */
export type Brushes = ReadonlyMap<string, readonly [number, number]>;

/** Whether a trial lies within every range; one without a value on a brushed axis does not. Undefined without ranges. */
export function brushTest(
  columns: TrialColumns,
  targets: readonly Target[],
  brushes: Brushes,
): ((row: number) => boolean) | undefined {
  const tests = [...brushes].flatMap(([key, [low, high]]) => {
    const parameter = columns.dimensions.findIndex(({ name }) => key === `params.${name}`);
    const objective = targets.findIndex(({ name }) => key === `values.${name}`);
    const column = parameter >= 0 ? columns.params[parameter] : columns.values[objective];
    // A hair wider, so that the ends that a pointer or the address rounded are within. Where zero is beyond the range, each end by its own
    // size: of many decades the hair of the upper end would reach over all that lie below the lower one.
    const widest = Math.max(Math.abs(low), Math.abs(high));
    const roomAt = (end: number): number => 1e-6 * (low > 0 || high < 0 ? Math.abs(end) : widest);
    return column === undefined ? [] : [{ column, low: low - roomAt(low), high: high + roomAt(high) }];
  });
  if (tests.length === 0) return undefined;
  // NaN fails both comparisons, so it is asked for what lies within.
  return (row) => tests.every(({ column, low, high }) => column[row]! >= low && column[row]! <= high);
}

/** Ranges as text for the address: `params.lr~0.001~0.01`. */
export function writeBrushes(brushes: Brushes): string {
  return [...brushes]
    .map(([key, range]) =>
      [encodeURIComponent(key), ...range.map((value) => Number(value.toPrecision(6)))].join("~"),
    )
    .join(",");
}

/** The reverse of {@link writeBrushes}; what it did not write is left out. */
export function readBrushes(text: string): Map<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  for (const part of text.split(",")) {
    // A name may hold a tilde, numbers do not.
    const [, name = "", low = "", high = ""] = /^(.+)~([^~]+)~([^~]+)$/.exec(part) ?? [];
    const range = [Number(low), Number(high)] as const;
    const key = decoded(name);
    if (key !== "" && low !== "" && high !== "" && range.every(Number.isFinite)) found.set(key, range);
  }
  return found;
}

/** The text of a part of an address; empty for what no text is encoded as. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
