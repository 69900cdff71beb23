import { cholesky, padWithIdentity } from "../../numerics/cholesky.ts";
import { padded } from "../../numerics/padded.ts";
import { expNegative } from "../../numerics/exp.ts";
import { invertFactored } from "../../numerics/triangular.ts";
import { type LogHyperparameters, noiseAt, signalAt } from "./hyperparameters.ts";
import { MEAN_PRECISION, type Training } from "./likelihood.ts";

/**
 * How well a model orders the better half of its own data, each point left out in turn: the rank correlation between what it
 * predicts for them and their targets, from −1 to 1. It compares models whatever their targets' scales, where it matters.
 */
export function skillOf(training: Training, logs: LogHyperparameters): number {
  const { count, targets } = training;
  const predicted = leaveOneOut(training, logs);
  const order = Array.from(targets, (_, i) => i).sort((a, b) => targets[a]! - targets[b]! || a - b);
  const better = order.slice(0, Math.ceil(count / 2));
  return rankCorrelation(
    Float64Array.from(better, (i) => predicted[i]!),
    Float64Array.from(better, (i) => targets[i]!),
  );
}

/** Means at each row given all others (Rasmussen and Williams, 2006, 5.12); zeros when the matrix cannot be factored. */
export function leaveOneOut(
  { count, width, numeric, rows, targets }: Training,
  logs: LogHyperparameters,
): Float64Array {
  const signal = Math.exp(logs[signalAt(width)]!);
  const noise = Math.exp(logs[noiseAt(width)]!);
  const weights = Float64Array.from({ length: width }, (_, k) => Math.exp(-2 * logs[k]!));
  const stride = padded(count);
  const factor = new Float64Array(stride * stride);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let q = 0;
      for (let k = 0; k < width; k++) {
        const gap = rows[i * width + k]! - rows[j * width + k]!;
        q += weights[k]! * (k < numeric ? gap * gap : gap === 0 ? 0 : 1);
      }
      const r = Math.sqrt(5 * q);
      factor[i * stride + j] = signal * (1 + r + (5 / 3) * q) * expNegative(-r);
    }
    factor[i * stride + i] = signal + noise;
  }
  padWithIdentity(factor, count, stride);
  if (!cholesky(factor, count, stride)) return new Float64Array(count);
  const inverse = new Float64Array(stride * stride);
  invertFactored(factor, count, stride, inverse);
  const times = (vector: Float64Array): Float64Array =>
    vector.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < count; j++) {
        sum += vector[j]! * (j <= i ? inverse[i * stride + j]! : inverse[j * stride + i]!);
      }
      return sum;
    });
  const ofTargets = times(targets);
  const ofOnes = times(new Float64Array(count).fill(1));
  const mean = add(ofTargets) / (MEAN_PRECISION + add(ofOnes));
  return targets.map((target, i) => target - (ofTargets[i]! - mean * ofOnes[i]!) / inverse[i * stride + i]!);
}

const add = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Spearman's; 0 when either side is constant. */
function rankCorrelation(a: Float64Array, b: Float64Array): number {
  const x = ranksOf(a);
  const y = ranksOf(b);
  const middle = (a.length - 1) / 2;
  let both = 0;
  let left = 0;
  let right = 0;
  x.forEach((rank, i) => {
    both += (rank - middle) * (y[i]! - middle);
    left += (rank - middle) ** 2;
    right += (y[i]! - middle) ** 2;
  });
  return left > 0 && right > 0 ? both / Math.sqrt(left * right) : 0;
}

/** Ranks from 0; ties share their mean. */
function ranksOf(values: Float64Array): Float64Array {
  return values.map((value) => {
    let below = 0;
    let same = 0;
    for (const other of values) {
      if (other < value) below++;
      else if (other === value) same++;
    }
    return below + (same - 1) / 2;
  });
}
