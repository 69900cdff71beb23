import type { Objective } from "../../history.ts";
import type { Expected, Point } from "../sampler.ts";
import type { Features } from "./features.ts";
import type { Posterior } from "./posterior.ts";
import { createUnwarp } from "./unwarp.ts";

/** A model of one objective, and the results that its targets were made from. */
export interface Modelled {
  readonly posterior: Posterior;
  readonly losses: Float64Array;
  readonly targets: Float64Array;
}

/**
 * What models of all objectives expect a point to yield, noise included, in the objectives' own units: half the distance between what a
 * deviation below and one above the mean stand for is the deviation. Undefined without results to go by.
 */
export function expectationAt(
  features: Features,
  point: Point,
  objectives: readonly Objective[],
  models: readonly Modelled[],
): Expected | undefined {
  const row = new Float64Array(features.width);
  features.encode(point, row, 0);
  const means: number[] = [];
  const deviations: number[] = [];
  for (const [j, { posterior, losses, targets }] of models.entries()) {
    const lossAt = createUnwarp(losses, targets);
    if (lossAt === undefined) return undefined;
    const { mean, deviation } = posterior.at(row);
    const spread = Math.sqrt(deviation ** 2 + posterior.noise);
    means.push((objectives[j]?.goal === "maximize" ? -1 : 1) * lossAt(mean));
    deviations.push((lossAt(mean + spread) - lossAt(mean - spread)) / 2);
  }
  return [...means, ...deviations].every(Number.isFinite) ? { means, deviations } : undefined;
}
