import { cholesky, padWithIdentity } from "../../../numerics/cholesky.ts";
import { expNegative } from "../../../numerics/exp.ts";
import { padded } from "../../../numerics/padded.ts";
import { solveLower, solveLowerTransposed } from "../../../numerics/triangular.ts";
import { type LogHyperparameters, noiseAt, signalAt } from "../hyperparameters.ts";
import { subtractMean, type Training } from "../likelihood.ts";

/** A function of rows of features, with its gradient. */
export interface MeanFunction {
  values(rows: Float64Array, count: number): Float64Array;
  /** Adds `factor` times the gradient by numeric feature at a row. */
  addSlopes(row: Float64Array, factor: number, gradient: Float64Array): void;
}

/**
 * The mean of a Gaussian process given its data: a value costs a kernel row and no triangular solve.
 *
 * @param columns - where each of the model's features stands in the rows that it is asked for
 * @param width - of these rows
 */
export function createMeanFunction(
  training: Training,
  logs: LogHyperparameters,
  columns: Int32Array,
  width: number,
): MeanFunction {
  const { count, numeric, rows: known, targets, width: own } = training;
  const signal = Math.exp(logs[signalAt(own)]!);
  const noise = Math.exp(logs[noiseAt(own)]!);
  const weights = Float64Array.from({ length: own }, (_, k) => Math.exp(-2 * logs[k]!));
  const squared = (from: Float64Array, at: (k: number) => number, j: number): number => {
    let q = 0;
    for (let k = 0; k < own; k++) {
      const gap = from[at(k)]! - known[j * own + k]!;
      q += weights[k]! * (k < numeric ? gap * gap : gap === 0 ? 0 : 1);
    }
    return q;
  };
  const kernel = (q: number): number => {
    const r = Math.sqrt(5 * q);
    return signal * (1 + r + (5 / 3) * q) * expNegative(-r);
  };

  const stride = padded(count);
  const factor = new Float64Array(stride * stride);
  for (const jitter of [0, 1e-6, 1e-3, 1e-1]) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) factor[i * stride + j] = kernel(squared(known, (k) => i * own + k, j));
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

  return {
    values: (rows, wanted) =>
      Float64Array.from({ length: wanted }, (_, i) => {
        let value = constant;
        for (let j = 0; j < count; j++) {
          value += alpha[j]! * kernel(squared(rows, (k) => i * width + columns[k]!, j));
        }
        return value;
      }),
    addSlopes(row, times, gradient) {
      for (let j = 0; j < count; j++) {
        const r = Math.sqrt(5 * squared(row, (k) => columns[k]!, j));
        const slope = (-5 / 3) * signal * (1 + r) * expNegative(-r) * alpha[j]! * times;
        for (let k = 0; k < numeric; k++) {
          const gap = row[columns[k]!]! - known[j * own + k]!;
          gradient[columns[k]!] = gradient[columns[k]!]! + slope * weights[k]! * gap;
        }
      }
    },
  };
}
