import type { ProductMixture } from "../../numerics/product-mixture.ts";
import { choiceLogs } from "./kernel.ts";
import type { KernelRows, Layout } from "./kernel-rows.ts";

/** A weighted sum of product kernels and the prior kernel, whose weight is 1. Weights are at most 1 and not normalised. */
export interface Mixture extends ProductMixture {
  readonly layout: Layout;
  /** Number of kernels without the prior; rows that hold none are not counted. */
  readonly count: number;
}

const NONE = new Float64Array(0);

export function createMixture(
  layout: Layout,
  rows: KernelRows,
  length: number,
  count: number,
  weights: Float64Array,
): Mixture {
  const { categorical } = layout;
  if (categorical.length === 0)
    return { layout, rows, length, count, weights, matches: NONE, mismatches: NONE };
  const logs = categorical.map(({ cells }) => choiceLogs(cells, count + 1));
  const matches = Float64Array.from(logs, ({ match }) => match);
  const mismatches = Float64Array.from(logs, ({ mismatch }) => mismatch);
  return { layout, rows, length, count, weights, matches, mismatches };
}
