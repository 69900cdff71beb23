import { excessSlope, logExcess, logNormalCdf, normalDensity } from "../../numerics/normal-distribution.ts";
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

/**
 * Logarithm of the expected improvement on `best` (smaller is better; Ament et al., arXiv:2310.20708) plus that of the
 * probability that the feasibility model lies below 0 (Gardner et al., ICML 2014). `best` undefined: feasibility alone.
 */
export function createAcquisition(
  objective: Posterior,
  best: number | undefined,
  feasibility: Posterior | undefined,
  numeric: number,
): Acquisition {
  const part = new Float64Array(numeric);
  const improvement = (mean: number, deviation: number): number =>
    best === undefined ? 0 : Math.log(deviation) + logExcess((best - mean) / deviation);
  const logFeasible = (mean: number, deviation: number): number => logNormalCdf(-mean / deviation);
  let mean = 0;
  let deviation = 1;
  let feasibleMean = 0;
  let feasibleDeviation = 1;
  return {
    score(rows, count) {
      const means = new Float64Array(count);
      const deviations = new Float64Array(count);
      objective.predict(rows, count, means, deviations);
      const scores = means.map((own, i) => improvement(own, deviations[i]!));
      if (feasibility === undefined) return scores;
      feasibility.predict(rows, count, means, deviations);
      return scores.map((score, i) => score + logFeasible(means[i]!, deviations[i]!));
    },
    at(row) {
      let value = 0;
      if (best !== undefined) {
        ({ mean, deviation } = objective.at(row));
        value += improvement(mean, deviation);
      }
      if (feasibility !== undefined) {
        ({ mean: feasibleMean, deviation: feasibleDeviation } = feasibility.at(row));
        value += logFeasible(feasibleMean, feasibleDeviation);
      }
      return value;
    },
    gradient(into) {
      into.fill(0);
      if (best !== undefined) {
        const z = (best - mean) / deviation;
        const slope = excessSlope(z, logExcess(z));
        objective.slopes(-slope / deviation, (1 - z * slope) / deviation, part);
        for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
      }
      if (feasibility !== undefined) {
        const z = -feasibleMean / feasibleDeviation;
        const slope = normalDensity(z) / Math.exp(logNormalCdf(z)) || -z; // far below, the ratio tends to −z
        feasibility.slopes(-slope / feasibleDeviation, (-z * slope) / feasibleDeviation, part);
        for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
      }
    },
  };
}
