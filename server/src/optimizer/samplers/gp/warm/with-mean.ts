import type { Training } from "../likelihood.ts";
import type { Posterior } from "../posterior.ts";
import type { MeanFunction } from "./mean-function.ts";

/** A mean function stretched and shifted to a study's targets, and how far results are from it. */
export interface PriorMean {
  readonly mean: MeanFunction;
  readonly slope: number;
  readonly offset: number;
  /** Standard deviation of the targets about it. */
  readonly spread: number;
}

/** The same rows with what is left of the targets for a Gaussian process to model, in units of the spread. */
export function residualsOf(training: Training, { mean, slope, offset, spread }: PriorMean): Training {
  const { rows, count, targets } = training;
  const values = mean.values(rows, count);
  return { ...training, targets: values.map((value, i) => (targets[i]! - offset - slope * value) / spread) };
}

/** The model of the targets, from the posterior of their residuals. */
export function withMean(inner: Posterior, prior: PriorMean, width: number): Posterior {
  const { mean, slope, offset, spread } = prior;
  const here = new Float64Array(width);
  return {
    signal: inner.signal * spread ** 2,
    noise: inner.noise * spread ** 2,
    predict(rows, count, means, deviations) {
      inner.predict(rows, count, means, deviations);
      mean.values(rows, count).forEach((value, i) => {
        means[i] = offset + slope * value + spread * means[i]!;
        deviations[i] = spread * deviations[i]!;
      });
    },
    at(row) {
      here.set(row.subarray(0, width));
      const own = inner.at(row);
      const [value] = mean.values(here, 1);
      return { mean: offset + slope * value! + spread * own.mean, deviation: spread * own.deviation };
    },
    slopes(a, b, gradient) {
      inner.slopes(a * spread, b * spread, gradient);
      mean.addSlopes(here, a * slope, gradient);
    },
    believe: (rows, count) => inner.believe(rows, count),
  };
}
