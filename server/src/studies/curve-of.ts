import type { Curve } from "../optimizer/curve.ts";

/**
 * Reports as pruners and samplers read them.
 *
 * @param rows - one row of objective values a step
 */
export function curveOf(steps: readonly number[], rows: readonly (readonly number[])[]): Curve {
  const values = rows.map((row) => row[0] ?? NaN);
  const isSingle = rows.every((row) => row.length <= 1);
  return isSingle ? { steps, values } : { steps, values, vectors: rows.flat() };
}
