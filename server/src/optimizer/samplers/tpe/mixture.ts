import type { ProductMixture } from "../../numerics/product-mixture.ts";
import { choiceLogs } from "./kernel.ts";
import type { KernelRows, Layout } from "./kernel-rows.ts";

/** A weighted sum of product kernels and the prior kernel, whose weight is 1. Weights are at most 1 and not normalised. */
export interface Mixture extends ProductMixture {
  readonly layout: Layout;
  /** Number of kernels without the prior; rows that hold none are not counted. */
  readonly count: number;
}

export function createMixture(
  layout: Layout,
  rows: KernelRows,
  length: number,
  count: number,
  weights: Float64Array,
): Mixture {
  const logs = layout.categorical.map(({ cells }) => choiceLogs(cells, count + 1));
  return {
    layout,
    rows,
    length,
    count,
    weights,
    matches: Float64Array.from(logs, ({ match }) => match),
    mismatches: Float64Array.from(logs, ({ mismatch }) => mismatch),
  };
}
