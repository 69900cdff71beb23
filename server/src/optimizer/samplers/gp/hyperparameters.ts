/** What a Gaussian process is fitted by, as logarithms: one length a feature, then the signal and the noise variance. */
export type LogHyperparameters = Float64Array;

/**
 * Beliefs about the lengths: that they grow with the number of features; that those of numbers are also much alike; or that they are
 * near the width of the cube. `vizier` stands for Vizier's weak beliefs about all hyperparameters.
 */
export type LengthPrior = "scaled" | "pooled" | "unit" | "vizier";

/** What the beliefs depend on; the fields are those of Features. */
export interface Shape {
  readonly width: number;
  readonly numeric: number;
  readonly conditions: number;
  readonly breadth: number;
}

export const signalAt = (features: number): number => features;
export const noiseAt = (features: number): number => features + 1;

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Bounds of the logarithms. */
export function boundsOf(prior: LengthPrior, features: number): Bounds {
  return prior === "vizier"
    ? bounds(features, [0.1, 10], [1e-3, 10], [1e-10, 1])
    : bounds(features, [0.02, 50], [0.02, 50], [1e-6, 0.5]);
}

type Range = readonly [number, number];

function bounds(features: number, lengths: Range, signal: Range, noise: Range): Bounds {
  const side = (at: 0 | 1): Float64Array => {
    const logs = new Float64Array(features + 2).fill(Math.log(lengths[at]));
    logs[signalAt(features)] = Math.log(signal[at]);
    logs[noiseAt(features)] = Math.log(noise[at]);
    return logs;
  };
  return { lower: side(0), upper: side(1) };
}

/** Two modes of the noise, as mean and deviation of the logarithm: noticeable, and next to none. */
const NOISES = [
  [-4, 1],
  [-8, 2],
] as const;

/**
 * What lengths are believed to have in common: the mean of their logarithms is normal about that of the breadth's root times
 * `typical`, and each is normal about the mean. With a few results per dimension, lengths without a common level are fitted to chance:
 * most are endless and one or two so short that results say nothing about their neighbours.
 */
const POOL = { typical: 0.8, common: 1, own: 0.8 } as const;

/**
 * Minus the log-density of the logarithms up to a constant; adds its gradient to `gradient`. Lengths: log-normal about the
 * root of the breadth (Hvarfner et al., ICML 2024, arXiv:2402.02229), pooled where they are of numeric features, or a density that is
 * flat from a third to three and falls on both sides; of conditions log-normal about 1, so that results of one branch say little about another before there are some of
 * both. Signal variance: gamma(2, 1). Noise variance: an even mixture of two log-normals.
 */
export function logPenalty(
  prior: LengthPrior,
  { width: features, numeric, conditions, breadth }: Shape,
  logs: LogHyperparameters,
  gradient: Float64Array,
): number {
  if (prior === "vizier") return vizierPenalty(features, logs, gradient);
  let penalty = 0;
  const centre = Math.SQRT2 + 0.5 * Math.log(Math.max(1, breadth));
  const pooled = prior === "pooled" ? numeric : 0;
  if (pooled > 0) penalty += pooledPenalty(pooled, breadth, logs, gradient);
  for (let k = pooled; k < features; k++) {
    const log = logs[k]!;
    if (k >= features - conditions) {
      penalty += log ** 2 / 2;
      gradient[k] = gradient[k]! + log;
    } else if (prior !== "unit") {
      penalty += (log - centre) ** 2 / 6;
      gradient[k] = gradient[k]! + (log - centre) / 3;
    } else {
      const weight = Math.exp(-2 * log);
      penalty += 0.1 / weight + 0.1 * weight;
      gradient[k] = gradient[k]! + 0.2 / weight - 0.2 * weight;
    }
  }
  const signal = Math.exp(logs[signalAt(features)]!);
  penalty += signal - logs[signalAt(features)]!;
  gradient[signalAt(features)] = gradient[signalAt(features)]! + signal - 1;

  const noise = logs[noiseAt(features)]!;
  const densities = NOISES.map(
    ([mean, deviation]) => Math.exp(-0.5 * ((noise - mean) / deviation) ** 2) / deviation,
  );
  const total = densities.reduce((sum, density) => sum + density, 1e-12);
  const slope = NOISES.reduce(
    (sum, [mean, deviation], mode) => sum + (densities[mode]! * (noise - mean)) / deviation ** 2,
    0,
  );
  penalty -= Math.log(total);
  gradient[noiseAt(features)] = gradient[noiseAt(features)]! + slope / total;
  return penalty;
}

/** A normal prior whose covariance has own² on the diagonal and common² everywhere. */
function pooledPenalty(
  count: number,
  breadth: number,
  logs: LogHyperparameters,
  gradient: Float64Array,
): number {
  const { typical, common, own } = POOL;
  let mean = 0;
  for (let k = 0; k < count; k++) mean += logs[k]! / count;
  const away = mean - Math.log(typical) - 0.5 * Math.log(Math.max(1, breadth));
  const slope = away / (own ** 2 + count * common ** 2);
  let penalty = 0.5 * count * away * slope;
  for (let k = 0; k < count; k++) {
    const gap = (logs[k]! - mean) / own;
    penalty += 0.5 * gap * gap;
    gradient[k] = gradient[k]! + gap / own + slope;
  }
  return penalty;
}

/**
 * Vizier's regularisers (Song et al., arXiv:2408.11527): a hundredth of the squared logarithm of the signal variance over 0.039, of
 * each squared length over a half, of the noise variance over 0.0039.
 */
function vizierPenalty(features: number, logs: LogHyperparameters, gradient: Float64Array): number {
  let penalty = 0;
  logs.forEach((log, k) => {
    const factor = k < features ? 2 : 1;
    const reference = k < features ? 0.5 : k === signalAt(features) ? 0.039 : 0.0039;
    const away = factor * log - Math.log(reference);
    penalty += 0.01 * away * away;
    gradient[k] = gradient[k]! + 0.02 * factor * away;
  });
  return penalty;
}
