import type { Point } from "../sampler.ts";
import type { Features } from "./features.ts";

/** A box that candidates keep to, per dimension; the whole cube where undefined. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * A box about a point, of this width in the geometric mean, wider where the model is smoother (TuRBO: Eriksson et al., NeurIPS
 * 2019, arXiv:1910.01739). Dimensions without a numeric feature are not bounded.
 */
export function boxAround(features: Features, centre: Point, logs: Float64Array, width: number): Box {
  const lower = new Float64Array(centre.length);
  const upper = new Float64Array(centre.length).fill(1);
  let mean = 0;
  for (let k = 0; k < features.numeric; k++) mean += Math.min(1, logs[k]!) / features.numeric;
  features.dimensions.forEach((index, k) => {
    const middle = Number.isNaN(centre[index]!) ? 0.5 : centre[index]!;
    const half = 0.5 * width * Math.exp(Math.min(1, logs[k]!) - mean);
    lower[index] = Math.max(0, middle - half);
    upper[index] = Math.min(1, middle + half);
  });
  return { lower, upper };
}
