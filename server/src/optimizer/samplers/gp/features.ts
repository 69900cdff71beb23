import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";

/**
 * How points enter a kernel: first the numeric features, compared by squared difference, then codes, compared by whether they
 * differ. Codes are the choices of categoricals and, for each condition, whether it holds, so that points in different
 * branches are apart by a distance of its own; a coordinate that a point lacks stands at its default meanwhile.
 */
export interface Features {
  readonly width: number;
  /** How many of the features are numeric. */
  readonly numeric: number;
  /** How many of them, the last ones, say whether a condition holds. */
  readonly conditions: number;
  /** How many of the others a point has on average, as far as conditions let it: the number of dimensions that it lives in. */
  readonly breadth: number;
  /** Dimension of each numeric feature. */
  readonly dimensions: Int32Array;
  /** Dimension that each feature comes from; of a condition, one of those that it decides on. */
  readonly owners: Int32Array;
  /** Writes the features of a point into `row` from `offset`. */
  encode(point: Point, row: Float64Array, offset: number): void;
}

export function createFeatures(space: Space): Features {
  const varying = space.dimensions.filter(({ cells }) => cells > 1);
  const numeric = varying.filter(({ kind }) => kind !== "categorical");
  const categorical = varying.filter(({ kind }) => kind === "categorical");
  const standIns = space.dimensions.map(({ toUnit }, index) => {
    const value = space.parameters[index]!.default;
    return value === undefined ? 0.5 : toUnit(value);
  });
  // One for each set of dimensions that are active together; each is represented by one of them.
  const conditions = new Map(
    space.dimensions
      .filter(({ parent }) => parent >= 0)
      .map(({ index, parent, activeCells }) => [`${parent}:${activeCells.join()}`, index]),
  );
  const conditional = [...conditions.values()];
  const unitOf = (point: Point, index: number): number =>
    Number.isNaN(point[index]!) ? standIns[index]! : point[index]!;
  const shareWith = (index: number): number => {
    const { parent, activeCells } = space.dimensions[index]!;
    return parent < 0 ? 1 : (shareWith(parent) * activeCells.length) / space.dimensions[parent]!.cells;
  };
  return {
    width: numeric.length + categorical.length + conditional.length,
    numeric: numeric.length,
    conditions: conditional.length,
    breadth: [...numeric, ...categorical].reduce((sum, { index }) => sum + shareWith(index), 0),
    dimensions: Int32Array.from(numeric, ({ index }) => index),
    owners: Int32Array.from([
      ...numeric.map(({ index }) => index),
      ...categorical.map(({ index }) => index),
      ...conditional,
    ]),
    encode(point, row, offset) {
      let at = offset;
      for (const { index } of numeric) row[at++] = unitOf(point, index);
      for (const { index, cell } of categorical) row[at++] = cell(unitOf(point, index));
      for (const index of conditional) row[at++] = Number.isNaN(point[index]!) ? 0 : 1;
    },
  };
}
