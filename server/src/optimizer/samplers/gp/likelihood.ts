import { cholesky, padWithIdentity } from "../../numerics/cholesky.ts";
import { padded } from "../../numerics/padded.ts";
import { expNegative } from "../../numerics/exp.ts";
import { invertFactored, solveLower, solveLowerTransposed } from "../../numerics/triangular.ts";
import { type LogHyperparameters, noiseAt, signalAt } from "./hyperparameters.ts";

/** Rows of features with one target each: all that a fit needs, in columns that can be handed to a worker. */
export interface Training {
  readonly count: number;
  readonly width: number;
  readonly numeric: number;
  /** count × width. */
  readonly rows: Float64Array;
  readonly targets: Float64Array;
}

/** The mean is normal about 0, the average target, with this inverse variance. */
export const MEAN_PRECISION = 0.25;

/**
 * Takes the most probable constant mean out of `solved`, which is L⁻¹ times the targets, and returns it: far from all results the
 * model expects this and not the average of places that were chosen for being good. `work` is overwritten.
 */
export function subtractMean(
  factor: Float64Array,
  count: number,
  stride: number,
  solved: Float64Array,
  work: Float64Array,
): number {
  work.fill(1, 0, count);
  solveLower(factor, count, stride, work);
  let both = 0;
  let own = MEAN_PRECISION;
  for (let i = 0; i < count; i++) {
    both += work[i]! * solved[i]!;
    own += work[i]! * work[i]!;
  }
  const mean = both / own;
  for (let i = 0; i < count; i++) solved[i] = solved[i]! - mean * work[i]!;
  return mean;
}

/** Value, and gradient added into `gradient`; Infinity when the kernel matrix cannot be factored. */
export type Likelihood = (logs: LogHyperparameters, gradient: Float64Array) => number;

/**
 * Minus the log marginal likelihood of a Gaussian process with a Matérn-5/2 kernel (Rasmussen and Williams, 2006, 2.30 and 5.9) and
 * a constant mean, which is the most probable one for each kernel. Distances per pair and feature are kept from one evaluation
 * to the next: count² width / 2 numbers.
 */
export function createLikelihood({ count, width, numeric, rows, targets }: Training): Likelihood {
  const stride = padded(count);
  const distances = new Float64Array((count * (count - 1) * width) / 2);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      for (let k = 0; k < width; k++, at++) {
        const gap = rows[i * width + k]! - rows[j * width + k]!;
        distances[at] = k < numeric ? gap * gap : gap === 0 ? 0 : 1;
      }
    }
  }
  const factor = new Float64Array(stride * stride);
  const slopes = new Float64Array((count * (count - 1)) / 2);
  const inverse = new Float64Array(stride * stride);
  const alpha = new Float64Array(stride);
  const ones = new Float64Array(stride);
  const weights = new Float64Array(width);
  const sums = new Float64Array(width);

  return (logs, gradient) => {
    const signal = Math.exp(logs[signalAt(width)]!);
    const noise = Math.exp(logs[noiseAt(width)]!);
    for (let k = 0; k < width; k++) weights[k] = Math.exp(-2 * logs[k]!);
    for (let i = 0, pair = 0, at = 0; i < count; i++) {
      const row = i * stride;
      for (let j = 0; j < i; j++, pair++) {
        let q = 0;
        for (let k = 0; k < width; k++) q += weights[k]! * distances[at++]!;
        const r = Math.sqrt(5 * q);
        const tail = signal * expNegative(-r);
        factor[row + j] = (1 + r + (5 / 3) * q) * tail;
        slopes[pair] = (-5 / 6) * (1 + r) * tail;
      }
      factor[row + i] = signal + noise;
    }
    padWithIdentity(factor, count, stride);
    if (!cholesky(factor, count, stride)) return Infinity;
    let value = 0;
    for (let i = 0; i < count; i++) value += Math.log(factor[i * stride + i]!);
    alpha.set(targets);
    solveLower(factor, count, stride, alpha);
    const mean = subtractMean(factor, count, stride, alpha, ones);
    let fit = 0;
    for (let i = 0; i < count; i++) fit += alpha[i]! * alpha[i]!;
    value += 0.5 * (fit + MEAN_PRECISION * mean * mean);
    solveLowerTransposed(factor, count, stride, alpha);

    invertFactored(factor, count, stride, inverse);
    sums.fill(0);
    let trace = 0;
    for (let i = 0, pair = 0, at = 0; i < count; i++) {
      const row = i * stride;
      const own = alpha[i]!;
      for (let j = 0; j < i; j++, pair++) {
        const share = (inverse[row + j]! - own * alpha[j]!) * slopes[pair]!;
        for (let k = 0; k < width; k++) sums[k] = sums[k]! + share * distances[at++]!;
      }
      trace += inverse[row + i]! - own * own;
    }
    for (let k = 0; k < width; k++) gradient[k] = gradient[k]! - 2 * weights[k]! * sums[k]!;
    gradient[signalAt(width)] = gradient[signalAt(width)]! + 0.5 * (count - fit - noise * trace);
    gradient[noiseAt(width)] = gradient[noiseAt(width)]! + 0.5 * noise * trace;
    return value;
  };
}
