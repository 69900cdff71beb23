import { excessSlope, logExcess } from "../../numerics/normal-distribution.ts";
import type { Feasibility } from "./feasibility.ts";
import type { Posterior } from "./posterior.ts";

/** What candidates are ranked by: larger is better. */
export interface Acquisition {
  /** Values at `count` rows of features. */
  score(rows: Float64Array, count: number): Float64Array;
  /** Value at one row; then `gradient` may be asked for it. */
  at(row: Float64Array): number;
  /** By numeric feature, at the row given to `at` last. */
  gradient(into: Float64Array): void;
}

/** How far results may lie from the model's means. */
export interface Spread {
  /** Factor on the model's deviations, at least 1. */
  readonly boldness: number;
  /** Variance of results about the smooth function, as far as it counts as improvement. */
  readonly roughness: number;
}

/**
 * Logarithm of the expected improvement on `best` (smaller is better; Ament et al., arXiv:2310.20708) plus that of the probability of
 * feasibility. `best` undefined: feasibility alone.
 */
export function createAcquisition(
  objective: Posterior,
  best: number | undefined,
  { boldness, roughness }: Spread,
  feasibility: Feasibility,
): Acquisition {
  const improvement = (mean: number, deviation: number): number =>
    best === undefined ? 0 : Math.log(deviation) + logExcess((best - mean) / deviation);
  const inflation = boldness * boldness;
  const widen = (smooth: number): number => Math.sqrt(inflation * smooth * smooth + roughness);
  let mean = 0;
  let smooth = 1;
  let deviation = 1;
  return {
    score(rows, count) {
      const scores = new Float64Array(count);
      if (best !== undefined) {
        const means = new Float64Array(count);
        const deviations = new Float64Array(count);
        objective.predict(rows, count, means, deviations);
        for (let i = 0; i < count; i++) scores[i] = improvement(means[i]!, widen(deviations[i]!));
      }
      feasibility.addTo(scores, rows, count);
      return scores;
    },
    at(row) {
      if (best !== undefined) {
        ({ mean, deviation: smooth } = objective.at(row));
        deviation = widen(smooth);
      }
      return improvement(mean, deviation) + feasibility.at(row);
    },
    gradient(into) {
      into.fill(0);
      if (best !== undefined) {
        const z = (best - mean) / deviation;
        const slope = excessSlope(z, logExcess(z));
        objective.slopes(-slope / deviation, ((1 - z * slope) * inflation * smooth) / deviation ** 2, into);
      }
      feasibility.addGradient(into);
    },
  };
}
