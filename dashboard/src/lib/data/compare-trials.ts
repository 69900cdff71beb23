import { lineOf, type ComparedLine } from "./compare-lines.ts";
import { decodeValue, type Target } from "./spec.ts";
import type { TrialColumns } from "./trial-columns.ts";

/** The most trials that stand side by side: more columns cannot be read. */
export const COMPARED = 8;

/** The objectives of some trials, each with the best marked. */
export function compareValues(
  columns: TrialColumns,
  targets: readonly Target[],
  rows: readonly number[],
): ComparedLine[] {
  return targets.map(({ name, sign }, index) => {
    const values = rows.map((row) => columns.values[index]?.[row] ?? NaN);
    const best = Math.min(...values.filter(Number.isFinite).map((value) => sign * value));
    const line = lineOf(
      `values.${name}`,
      name,
      values.map((value) => (Number.isNaN(value) ? undefined : value)),
    );
    return { ...line, best: values.map((value) => line.differs && sign * value === best) };
  });
}

/** The parameters of some trials. */
export function compareParams(columns: TrialColumns, rows: readonly number[]): ComparedLine[] {
  return columns.dimensions.map((dimension, index) =>
    lineOf(
      `params.${dimension.name}`,
      dimension.name,
      rows.map((row) => decodeValue(dimension, columns.params[index]?.[row] ?? NaN)),
    ),
  );
}

/** Numbers by name of some trials, every name that any of them has. */
export function compareMetrics(metrics: readonly Readonly<Record<string, number>>[]): ComparedLine[] {
  const names = [...new Set(metrics.flatMap((one) => Object.keys(one)))].sort();
  return names.map((name) =>
    lineOf(
      `metrics.${name}`,
      name,
      metrics.map((one) => one[name]),
    ),
  );
}
