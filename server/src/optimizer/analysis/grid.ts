import type { Dimension } from "../space/dimension.ts";

/** Where effects are read: centres of equal cells of [0, 1] for numbers, the centre of each choice for categoricals. */
export type Grid = Float64Array;

/** Cells of a numeric dimension. */
const CELLS = 32;

export function gridOf(dimension: Dimension): Grid {
  const { kind, cells, centre } = dimension;
  if (kind === "categorical" || cells <= CELLS)
    return Float64Array.from({ length: cells }, (_, cell) => centre(cell));
  return Float64Array.from({ length: CELLS }, (_, at) => (at + 0.5) / CELLS);
}

/** What part of [0, 1] each grid point stands for. */
export function gridEdges(dimension: Dimension, grid: Grid): Float64Array {
  const isByCell = dimension.kind === "categorical" || dimension.cells <= CELLS;
  return Float64Array.from({ length: grid.length + 1 }, (_, at) =>
    isByCell ? dimension.edge(at) : at / grid.length,
  );
}

/** Variance of values that have these edges' widths as their probabilities. */
export function varianceOver(values: Float64Array, edges: Float64Array): number {
  let mean = 0;
  for (let at = 0; at < values.length; at++) mean += values[at]! * (edges[at + 1]! - edges[at]!);
  let variance = 0;
  for (let at = 0; at < values.length; at++)
    variance += (values[at]! - mean) ** 2 * (edges[at + 1]! - edges[at]!);
  return variance;
}

/** The mean of curves of the same length, point by point. */
export function meanOf(curves: readonly Float64Array[]): Float64Array {
  return Float64Array.from(
    { length: curves[0]?.length ?? 0 },
    (_, at) => curves.reduce((sum, curve) => sum + curve[at]!, 0) / curves.length,
  );
}
