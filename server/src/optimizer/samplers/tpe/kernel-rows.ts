import type { ProductKernels } from "../../numerics/product-mixture.ts";
import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";
import { logNormalizer, PRIOR_DEVIATION, PRIOR_MEAN } from "./kernel.ts";

/** The coordinates of a space by how a kernel treats them: Gaussian in the order of the space, or one of some choices. */
export interface Layout {
  readonly numeric: readonly Dimension[];
  readonly categorical: readonly Dimension[];
  /** Of each dimension of the space: its place among those of its kind. */
  readonly places: Int32Array;
  /** Log-normaliser of the prior kernel by numeric coordinate. */
  readonly priorNorms: Float64Array;
}

export function createLayout(space: Space): Layout {
  const numeric = space.dimensions.filter(({ kind }) => kind !== "categorical");
  const categorical = space.dimensions.filter(({ kind }) => kind === "categorical");
  const places = new Int32Array(space.dimensions.length);
  for (const kind of [numeric, categorical]) kind.forEach(({ index }, at) => (places[index] = at));
  const priorNorm = (dimension: Dimension): number => logNormalizer(dimension, PRIOR_MEAN, PRIOR_DEVIATION);
  return {
    numeric,
    categorical,
    places,
    priorNorms: Float64Array.from(numeric, priorNorm),
  };
}

/** Kernels whose columns can grow. */
export type KernelRows = { -readonly [Column in keyof ProductKernels]: ProductKernels[Column] };

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
  for (let at = 0; at < layout.categorical.length; at++) {
    const { index, cell } = layout.categorical[at]!;
    codes[offset + at] = Number.isNaN(point[index]!) ? 0 : 1 + cell(point[index]!);
  }
}

/**
 * Distance of the mean at `position` of `count` sorted ones to its farther neighbour; the ends of the range are the
 * neighbours of a lone mean only, so that the outermost of several keep to their inner gap.
 */
export function gapAt(left: number, mean: number, right: number, position: number, count: number): number {
  if (count === 1) return Math.max(mean, 1 - mean);
  if (position === 0) return right - mean;
  return position === count - 1 ? mean - left : Math.max(mean - left, right - mean);
}
