import { appendRow, cholesky, padWithIdentity } from "../../numerics/cholesky.ts";
import { padded } from "../../numerics/padded.ts";
import { expNegative } from "../../numerics/exp.ts";
import { solveLower, solveLowerRows, solveLowerTransposed } from "../../numerics/triangular.ts";
import { type LogHyperparameters, noiseAt, signalAt } from "./hyperparameters.ts";
import { subtractMean, type Training } from "./likelihood.ts";

/** A Gaussian process given its data, and given that some points will be observed. */
export interface Posterior {
  readonly signal: number;
  readonly noise: number;
  /** Means and deviations of the noise-free function at `count` rows of features. */
  predict(rows: Float64Array, count: number, means: Float64Array, deviations: Float64Array): void;
  /** Mean and deviation at one row; then `slopes` may be asked for it. */
  at(row: Float64Array): { readonly mean: number; readonly deviation: number };
  /** Gradient, by numeric feature, of `a · mean + b · deviation` at the row given to `at` last. */
  slopes(a: number, b: number, gradient: Float64Array): void;
  /** Adds points that will be observed, at their own means: their deviations fall, no mean changes (a "believer"). */
  believe(rows: Float64Array, count: number): void;
}

/** Rows that are predicted together: as many as stay in the processor's cache. */
const BLOCK = 64;
/** Added to the diagonal until the factorisation succeeds. */
const JITTERS = [0, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1] as const;

/** `spare` is how many points may be believed. */
export function createPosterior(training: Training, logs: LogHyperparameters, spare: number): Posterior {
  const { count, width, numeric, targets } = training;
  const signal = Math.exp(logs[signalAt(width)]!);
  const noise = Math.exp(logs[noiseAt(width)]!);
  const stride = padded(count + spare);
  const weights = Float64Array.from({ length: width }, (_, k) => Math.exp(-2 * logs[k]!));
  const roots = weights.map(Math.sqrt);
  /** Rows with the numeric features divided by their lengths, so that distances need no weights. */
  const scaled = new Float64Array((count + spare) * width);
  const scale = (rows: Float64Array, from: number, to: Float64Array, at: number): void => {
    for (let k = 0; k < width; k++) to[at + k] = k < numeric ? rows[from + k]! * roots[k]! : rows[from + k]!;
  };
  for (let i = 0; i < count; i++) scale(training.rows, i * width, scaled, i * width);

  const squared = (a: Float64Array, from: number, i: number): number => {
    const at = i * width;
    let q = 0;
    for (let k = 0; k < numeric; k++) {
      const gap = a[from + k]! - scaled[at + k]!;
      q += gap * gap;
    }
    for (let k = numeric; k < width; k++) if (a[from + k] !== scaled[at + k]) q += weights[k]!;
    return q;
  };
  const kernel = (q: number): number => {
    const r = Math.sqrt(5 * q);
    return signal * (1 + r + (5 / 3) * q) * expNegative(-r);
  };

  const factor = new Float64Array(stride * stride);
  for (const jitter of JITTERS) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) factor[i * stride + j] = kernel(squared(scaled, i * width, j));
      factor[i * stride + i] = signal + noise + jitter * signal;
    }
    padWithIdentity(factor, count, stride);
    if (cholesky(factor, count, stride)) break;
  }
  const alpha = new Float64Array(stride);
  alpha.set(targets);
  solveLower(factor, count, stride, alpha);
  const constant = subtractMean(factor, count, stride, alpha, new Float64Array(stride));
  solveLowerTransposed(factor, count, stride, alpha);

  let known = count;
  const here = new Float64Array(width);
  const kernels = new Float64Array(stride);
  const solved = new Float64Array(stride);
  const distances = new Float64Array(stride);
  let kernelRows = new Float64Array(0);
  let deviationHere = 0;

  const meanOf = (kernelRow: Float64Array, from: number): number => {
    let mean = constant;
    for (let i = 0; i < count; i++) mean += kernelRow[from + i]! * alpha[i]!;
    return mean;
  };
  const deviationFrom = (explained: number): number =>
    Math.sqrt(Math.max(signal - explained, 1e-10 * signal));

  return {
    signal,
    noise,
    predict(rows, wanted, means, deviations) {
      const block = Math.min(BLOCK, padded(wanted));
      if (kernelRows.length < block * stride) kernelRows = new Float64Array(block * stride);
      for (let first = 0; first < wanted; first += block) {
        const size = Math.min(block, wanted - first);
        for (let p = 0; p < size; p++) {
          scale(rows, (first + p) * width, here, 0);
          const at = p * stride;
          for (let i = 0; i < known; i++) kernelRows[at + i] = kernel(squared(here, 0, i));
          for (let i = known; i < padded(known); i++) kernelRows[at + i] = 0;
          means[first + p] = meanOf(kernelRows, at);
        }
        solveLowerRows(factor, known, stride, kernelRows, size);
        for (let p = 0; p < size; p++) {
          let explained = 0;
          for (let i = p * stride; i < p * stride + known; i++) explained += kernelRows[i]! * kernelRows[i]!;
          deviations[first + p] = deviationFrom(explained);
        }
      }
    },
    at(row) {
      scale(row, 0, here, 0);
      for (let i = 0; i < known; i++) {
        distances[i] = squared(here, 0, i);
        kernels[i] = kernel(distances[i]!);
        solved[i] = kernels[i]!;
      }
      solveLower(factor, known, stride, solved);
      let explained = 0;
      for (let i = 0; i < known; i++) explained += solved[i]! * solved[i]!;
      deviationHere = deviationFrom(explained);
      return { mean: meanOf(kernels, 0), deviation: deviationHere };
    },
    slopes(a, b, gradient) {
      solveLowerTransposed(factor, known, stride, solved);
      // The deviation's gradient is −kᵀK⁻¹dk / deviation.
      const share = -b / deviationHere;
      gradient.fill(0, 0, numeric);
      for (let i = 0; i < known; i++) {
        const r = Math.sqrt(5 * distances[i]!);
        const slope = (-5 / 6) * signal * (1 + r) * expNegative(-r);
        const total = 2 * slope * ((i < count ? a * alpha[i]! : 0) + share * solved[i]!);
        const at = i * width;
        for (let k = 0; k < numeric; k++) gradient[k] = gradient[k]! + total * (here[k]! - scaled[at + k]!);
      }
      for (let k = 0; k < numeric; k++) gradient[k] = gradient[k]! * roots[k]!;
    },
    believe(rows, wanted) {
      for (let p = 0; p < wanted && known < count + spare; p++) {
        scale(rows, p * width, scaled, known * width);
        for (let i = 0; i < known; i++)
          factor[known * stride + i] = kernel(squared(scaled, known * width, i));
        factor[known * stride + known] = signal + noise + 1e-9 * signal;
        // A point on top of others teaches nothing more; leaving it out is the same.
        if (appendRow(factor, known, stride)) known++;
      }
      padWithIdentity(factor, known, stride);
    },
  };
}
