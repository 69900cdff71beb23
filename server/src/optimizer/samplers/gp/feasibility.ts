import { logNormalCdf, normalHazard } from "../../numerics/normal-distribution.ts";
import type { Posterior } from "./posterior.ts";

/** What a candidate must keep to: a model, and the value at or below which it does. */
export interface Limit {
  readonly model: Posterior;
  readonly threshold: number;
}

/** The logarithm of the probability that all limits are kept, as if they were independent (Gardner et al., ICML 2014). */
export interface Feasibility {
  /** Adds the logarithms at `count` rows of features to `scores`. */
  addTo(scores: Float64Array, rows: Float64Array, count: number): void;
  /** The logarithm at one row; then its gradient may be asked for. */
  at(row: Float64Array): number;
  /** Adds the gradient, by numeric feature, at the row given to `at` last. */
  addGradient(into: Float64Array): void;
}

export function createFeasibility(limits: readonly Limit[], numeric: number): Feasibility {
  const part = new Float64Array(numeric);
  const depths = new Float64Array(limits.length);
  const deviations = new Float64Array(limits.length);
  return {
    addTo(scores, rows, count) {
      if (limits.length === 0) return;
      const means = new Float64Array(count);
      const spreads = new Float64Array(count);
      for (const { model, threshold } of limits) {
        model.predict(rows, count, means, spreads);
        for (let i = 0; i < count; i++)
          scores[i] = scores[i]! + logNormalCdf((threshold - means[i]!) / spreads[i]!);
      }
    },
    at(row) {
      let sum = 0;
      limits.forEach(({ model, threshold }, at) => {
        const { mean, deviation } = model.at(row);
        const depth = (threshold - mean) / deviation;
        depths[at] = depth;
        deviations[at] = deviation;
        sum += logNormalCdf(depth);
      });
      return sum;
    },
    addGradient(into) {
      limits.forEach(({ model }, at) => {
        const depth = depths[at]!;
        const slope = normalHazard(depth);
        model.slopes(-slope / deviations[at]!, (-depth * slope) / deviations[at]!, part);
        for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
      });
    },
  };
}

/** Whether the models expect one of several rows of features, `width` numbers each, to keep all limits. */
export function isExpectedToKeep(
  limits: readonly Limit[],
  rows: Float64Array,
  index: number,
  width: number,
): boolean {
  const row = rows.subarray(index * width, (index + 1) * width);
  return limits.every(({ model, threshold }) => model.at(row).mean <= threshold);
}
