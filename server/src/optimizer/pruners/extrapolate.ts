import { upperTail } from "../numerics/normal-tail.ts";
import type { Curve } from "../curve.ts";

/** What the value at the end of a running curve may be: a mixture of normals. All values to be minimised. */
export interface Forecast {
  readonly mean: number;
  readonly deviation: number;
  /** Probability that the end is below a value. */
  below(value: number): number;
}

export interface ForecastOptions {
  /** Last step of a whole curve. */
  readonly horizon: number;
  /** How far apart values of different trials typically are; sets the priors. Positive. */
  readonly scale: number;
  readonly sign: 1 | -1;
}

/** How a curve approaches its end: the distance left at a step, which falls; only differences of it matter. */
type Shape = (step: number, horizon: number) => number;

/**
 * Power laws, exponentials and Weibull curves, which between them fit most learning curves (Domhan et al., IJCAI 2015;
 * Viering and Loog, IEEE TPAMI 2023, arXiv:2103.10948), on a grid of their nonlinear parameters.
 */
const SHAPES: readonly Shape[] = [
  ...[0.15, 0.3, 0.5, 0.75, 1, 1.4, 2, 3].map(
    (power): Shape =>
      (step) =>
        (step + 1) ** -power,
  ),
  ...[0.03, 0.06, 0.12, 0.25, 0.5, 1, 2].map(
    (share): Shape =>
      (step, horizon) =>
        Math.exp(-step / (share * horizon)),
  ),
  ...[0.03, 0.1, 0.3, 1].map(
    (share): Shape =>
      (step, horizon) =>
        Math.exp(-Math.sqrt(step / (share * horizon))),
  ),
  ...[0.15, 0.3, 0.6].map(
    (share): Shape =>
      (step, horizon) =>
        Math.exp(-((step / (share * horizon)) ** 2)),
  ),
];

/** Deviations of the noise in a report, in units of the scale. */
const NOISES = [0.003, 0.01, 0.03, 0.1, 0.3];

/** Deviations of the prior of the end and of the distance travelled until then, in units of the scale. */
const END_PRIOR = 3;
const TRAVEL_PRIOR = 3;

/** Noise of a report this far back is e times as large: what a curve did long ago binds it less than any family says. */
const FADING = 0.5;

/** Deviation that no family accounts for, as a share of the travel that it foresees, and of the scale. */
const DOUBT = 0.3;
const FLOOR = 0.01;

/** Reports this far from the newest one, in units of the scale, or further are left out: their squares would be too large for numbers. */
const FARTHEST = 1e100;

/**
 * Forecasts the end of a learning curve: Bayesian linear regression of end and travel in closed form for each shape and
 * noise of a grid, mixed by their marginal likelihoods. Reports that are not finite or beyond all measure are left out; without any the answer
 * is the prior. The price is a few microseconds a report.
 */
export function forecast(curve: Curve, { horizon, scale, sign }: ForecastOptions): Forecast {
  const count = curve.steps.length;
  const last = curve.steps[count - 1] ?? 0;
  const newest = lastFinite(curve);
  const logs: number[] = [];
  const means: number[] = [];
  const deviations: number[] = [];
  for (const shape of SHAPES) {
    const atEnd = shape(horizon, horizon);
    const travel = shape(0, horizon) - atEnd;
    // Weighted sums for y = end + slope · g, with y from the newest value and g from the end.
    let [n, g1, g2, y1, y2, gy, logWeights] = [0, 0, 0, 0, 0, 0, 0];
    let left = 0;
    for (let i = 0; i < count; i++) {
      const y = (sign * curve.values[i]! - newest) / scale;
      if (!(Math.abs(y) < FARTHEST)) continue;
      const step = curve.steps[i]!;
      const g = (shape(step, horizon) - atEnd) / travel;
      const age = last > 0 ? Math.log((last + 1) / (step + 1)) / FADING : 0;
      const weight = Math.exp(-2 * Math.min(age, 15));
      logWeights -= age;
      n += weight;
      g1 += weight * g;
      g2 += weight * g * g;
      y1 += weight * y;
      y2 += weight * y * y;
      gy += weight * g * y;
      left = g;
    }
    for (const noise of NOISES) {
      const precision = 1 / (noise * noise);
      // Posterior precision matrix of (end, slope), its determinant and the posterior mean.
      const a = n * precision + 1 / END_PRIOR ** 2;
      const b = g1 * precision;
      const c = g2 * precision + 1 / TRAVEL_PRIOR ** 2;
      const determinant = a * c - b * b;
      const end = (c * y1 - b * gy) * (precision / determinant);
      const slope = (a * gy - b * y1) * (precision / determinant);
      const residual = y2 * precision - (end * y1 + slope * gy) * precision;
      const priors = 1 / (END_PRIOR * TRAVEL_PRIOR) ** 2;
      logs.push(
        -0.5 * residual - 0.5 * Math.log(determinant / priors) - count * Math.log(noise) + logWeights,
      );
      means.push(end);
      const doubt = DOUBT * Math.abs(slope * left) + FLOOR;
      deviations.push(Math.sqrt(c / determinant + doubt * doubt));
    }
  }
  const highest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = (of: (index: number) => number): number =>
    weights.reduce((sum, weight, index) => sum + weight * of(index), 0) / total;
  const mean = average((index) => means[index]!);
  const variance = average((index) => deviations[index]! ** 2 + (means[index]! - mean) ** 2);
  return {
    mean: newest + scale * mean,
    deviation: scale * Math.sqrt(variance),
    below: (value) =>
      average((index) => normalBelow(((value - newest) / scale - means[index]!) / deviations[index]!)),
  };

  function lastFinite({ values }: Curve): number {
    for (let i = count - 1; i >= 0; i--) if (Number.isFinite(values[i]!)) return sign * values[i]!;
    return 0;
  }
}

const normalBelow = (z: number): number => (z > 0 ? 1 - upperTail(z) : upperTail(-z));
