import type { Acquisition } from "../acquisition.ts";
import type { Feasibility } from "../feasibility.ts";
import type { Posterior } from "../posterior.ts";
import type { ExpectedHypervolume } from "./expected-hypervolume.ts";

/**
 * The logarithm of the expected hypervolume improvement under one model a loss plus that of the probability of feasibility;
 * `improvement` undefined: feasibility alone.
 */
export function createParetoAcquisition(
  losses: readonly Posterior[],
  improvement: ExpectedHypervolume | undefined,
  feasibility: Feasibility,
  numeric: number,
): Acquisition {
  const width = losses.length;
  const here = { means: new Float64Array(width), deviations: new Float64Array(width) };
  const byMean = new Float64Array(width);
  const byDeviation = new Float64Array(width);
  const part = new Float64Array(numeric);
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
      feasibility.addTo(scores, rows, count);
      return scores;
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
      return value + feasibility.at(row);
    },
    gradient(into) {
      into.fill(0);
      if (improvement !== undefined) {
        improvement.slopes(byMean, byDeviation);
        losses.forEach((model, j) => {
          model.slopes(byMean[j]!, byDeviation[j]!, part);
          for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
        });
      }
      feasibility.addGradient(into);
    },
  };
}
