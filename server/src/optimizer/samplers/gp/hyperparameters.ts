/** What a Gaussian process is fitted by, as logarithms: one length a feature, then the signal and the noise variance. */
export type LogHyperparameters = Float64Array;

/** Beliefs about the lengths: that they grow with the number of features, or that they are near the width of the cube. */
export type LengthPrior = "scaled" | "unit";

export const signalAt = (features: number): number => features;
export const noiseAt = (features: number): number => features + 1;

/** Bounds of the logarithms. */
export function boundsOf(features: number): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const lower = new Float64Array(features + 2).fill(Math.log(0.02));
  const upper = new Float64Array(features + 2).fill(Math.log(50));
  lower[signalAt(features)] = Math.log(0.02);
  upper[signalAt(features)] = Math.log(50);
  lower[noiseAt(features)] = Math.log(1e-6);
  upper[noiseAt(features)] = Math.log(0.5);
  return { lower, upper };
}

/** Two modes of the noise, as mean and deviation of the logarithm: noticeable, and next to none. */
const NOISES = [
  [-4, 1],
  [-8, 2],
] as const;

/**
 * Minus the log-density of the hyperparameters up to a constant; adds its gradient to `gradient`. Lengths: log-normal about
 * √features (Hvarfner et al., ICML 2024, arXiv:2402.02229), or a density that is flat from a third to three and falls on
 * both sides. Signal variance: gamma(2, 1). Noise variance: an even mixture of two log-normals.
 */
export function logPenalty(
  prior: LengthPrior,
  features: number,
  logs: LogHyperparameters,
  gradient: Float64Array,
): number {
  let penalty = 0;
  const centre = Math.SQRT2 + 0.5 * Math.log(Math.max(1, features));
  for (let k = 0; k < features; k++) {
    const log = logs[k]!;
    if (prior === "scaled") {
      penalty += log + (log - centre) ** 2 / 6;
      gradient[k] = gradient[k]! + 1 + (log - centre) / 3;
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
