import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";

/** The coordinates of a space by how a kernel treats them: Gaussian in the order of the space, or one of some choices. */
export interface Layout {
  readonly numeric: readonly Dimension[];
  readonly categorical: readonly Dimension[];
}

export function createLayout(space: Space): Layout {
  return {
    numeric: space.dimensions.filter(({ kind }) => kind !== "categorical"),
    categorical: space.dimensions.filter(({ kind }) => kind === "categorical"),
  };
}

/** Product kernels, one a row, in columns. What a kernel does not have (an inactive coordinate) counts as a factor 1. */
export interface KernelRows {
  /** Per row and numeric coordinate: mean and 1 / (√2 deviation); both 0 where inactive. */
  pairs: Float64Array;
  /** Per row and numeric coordinate: log-normaliser, 0 where inactive. */
  norms: Float64Array;
  /** Per row: sum of its norms; −∞ marks a row that holds no kernel. */
  rowLogs: Float64Array;
  /** Per row and categorical coordinate: 1 + choice, 0 where inactive. */
  codes: Int16Array;
}

export function createRows(layout: Layout, capacity: number): KernelRows {
  return {
    pairs: new Float64Array(2 * capacity * layout.numeric.length),
    norms: new Float64Array(capacity * layout.numeric.length),
    rowLogs: new Float64Array(capacity).fill(-Infinity),
    codes: new Int16Array(capacity * layout.categorical.length),
  };
}

/** Moves the rows into columns twice as long. */
export function growRows(rows: KernelRows, layout: Layout): void {
  const { pairs, norms, rowLogs, codes } = rows;
  Object.assign(rows, createRows(layout, 2 * rowLogs.length));
  rows.pairs.set(pairs);
  rows.norms.set(norms);
  rows.rowLogs.set(rowLogs);
  rows.codes.set(codes);
}

/** Codes of a point's categorical coordinates, written at `offset`. */
export function encodeChoices(layout: Layout, point: Point, codes: Int16Array, offset: number): void {
  layout.categorical.forEach(({ index, cell }, at) => {
    codes[offset + at] = Number.isNaN(point[index]!) ? 0 : 1 + cell(point[index]!);
  });
}

/**
 * A kernel's distance to its farther neighbour among the sorted means; the ends of the range are the neighbours of
 * a lone kernel only, so that the outermost of several keep to their inner gap.
 */
export function gapAt(means: (position: number) => number, position: number, count: number): number {
  const mean = means(position);
  const left = position > 0 ? mean - means(position - 1) : count > 1 ? 0 : mean;
  const right = position < count - 1 ? means(position + 1) - mean : count > 1 ? 0 : 1 - mean;
  return Math.max(left, right);
}
