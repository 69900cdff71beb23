import { logNormalCdf, normalDensity } from "../../../numerics/normal-distribution.ts";
import type { Acquisition } from "../acquisition.ts";
import type { Posterior } from "../posterior.ts";
import type { ExpectedHypervolume } from "./expected-hypervolume.ts";

/**
 * The logarithm of the expected hypervolume improvement under one model a loss plus that of the probability that the feasibility model
 * lies below 0; `improvement` undefined: feasibility alone.
 */
export function createParetoAcquisition(
  losses: readonly Posterior[],
  improvement: ExpectedHypervolume | undefined,
  feasibility: Posterior | undefined,
  numeric: number,
): Acquisition {
  const width = losses.length;
  const here = { means: new Float64Array(width), deviations: new Float64Array(width) };
  const byMean = new Float64Array(width);
  const byDeviation = new Float64Array(width);
  const part = new Float64Array(numeric);
  let bound = 0;
  let feasibleDeviation = 1;
  return {
    score(rows, count) {
      const scores = new Float64Array(count);
      const columns = losses.map((model) => {
        const [means, deviations] = [new Float64Array(count), new Float64Array(count)];
        if (improvement !== undefined) model.predict(rows, count, means, deviations);
        return { means, deviations };
      });
      for (let i = 0; improvement !== undefined && i < count; i++) {
        columns.forEach(({ means, deviations }, j) => {
          here.means[j] = means[i]!;
          here.deviations[j] = deviations[i]!;
        });
        scores[i] = improvement.at(here.means, here.deviations);
      }
      if (feasibility === undefined) return scores;
      const [means, deviations] = [new Float64Array(count), new Float64Array(count)];
      feasibility.predict(rows, count, means, deviations);
      return scores.map((score, i) => score + logNormalCdf(-means[i]! / deviations[i]!));
    },
    at(row) {
      let value = 0;
      if (improvement !== undefined) {
        losses.forEach((model, j) => {
          const { mean, deviation } = model.at(row);
          here.means[j] = mean;
          here.deviations[j] = deviation;
        });
        value += improvement.at(here.means, here.deviations);
      }
      if (feasibility !== undefined) {
        const { mean, deviation } = feasibility.at(row);
        bound = -mean / deviation;
        feasibleDeviation = deviation;
        value += logNormalCdf(bound);
      }
      return value;
    },
    gradient(into) {
      into.fill(0);
      const add = (): void => {
        for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
      };
      if (improvement !== undefined) {
        improvement.slopes(byMean, byDeviation);
        losses.forEach((model, j) => {
          model.slopes(byMean[j]!, byDeviation[j]!, part);
          add();
        });
      }
      if (feasibility !== undefined) {
        const slope = normalDensity(bound) / Math.exp(logNormalCdf(bound)) || -bound; // far below, the ratio tends to −bound
        feasibility.slopes(-slope / feasibleDeviation, (-bound * slope) / feasibleDeviation, part);
        add();
      }
    },
  };
}
