import type { Objective } from "../history.ts";
import { createPercentilePruner, type PercentileOptions } from "./percentile.ts";
import type { Pruner } from "./pruner.ts";

export type MedianOptions = Omit<PercentileOptions, "percentile">;

/**
 * The median stopping rule (Golovin et al., KDD 2017, section 3.2.2): stop a trial whose best value so far is worse
 * than the median of the completed trials' values at the same step. A trial that reported only NaN stops too.
 */
export function createMedianPruner(objectives: readonly Objective[], options: MedianOptions = {}): Pruner {
  return createPercentilePruner(objectives, { ...options, percentile: 50 });
}
