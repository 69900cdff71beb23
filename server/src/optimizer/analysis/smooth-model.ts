import type { Dimension } from "../space/dimension.ts";
import { createBasis } from "./features.ts";
import { type Rows, varianceOf } from "./rows.ts";

/** A fit of smooth effects: one function a parameter and products for pairs, with the posterior of their coefficients. */
export interface SmoothModel {
  /** Groups of coefficients that belong together: a parameter's own function, or a pair's. */
  readonly groups: readonly Group[];
  readonly intercept: number;
  /** Posterior mean of all coefficients, in the order of the groups. */
  readonly coefficients: Float64Array;
  /** Lower Cholesky factor of the posterior precision, row-major: draws are mean + L⁻ᵀ z. */
  readonly factor: Float64Array;
  /** Mean squared error of each row predicted from the others. */
  readonly error: number;
  /** Features of a point, in the order of the coefficients. */
  features(point: ArrayLike<number>, into: Float64Array): void;
  /** Expected loss at a point, and the variance of a trial there: of the mean and of the noise. */
  predict(point: ArrayLike<number>): { readonly mean: number; readonly variance: number };
}

export interface Group {
  /** One dimension, or two that interact. */
  readonly dimensions: readonly number[];
  readonly start: number;
  readonly size: number;
}

const ROUNDS = 40;
/** Parameters that may interact: those with the largest effects of their own (heredity), and at most this many. */
const INTERACTING = 7;
const PAIR_DEGREE = 2;
const WORTHWHILE = 0.9;
const NEGLIGIBLE = 1e-3;
const DEGREE = 5;
/** Spaces of many parameters get functions of lower degree, so that the fit stays well under a second. */
const MOST_FUNCTIONS = 160;

/**
 * Bayesian linear regression on functions of one coordinate and of pairs of coordinates. Each group has a prior
 * variance of its own, found by type-II maximum likelihood (automatic relevance determination: MacKay 1992; Tipping,
 * JMLR 1, 2001), so that what the trials do not show drops out. Cost O(n p²) for p coefficients.
 */
export function fitSmoothModel(dimensions: readonly Dimension[], rows: Rows): SmoothModel {
  const first = fitMainEffects(dimensions, rows);
  const main = dimensions.map((_, index) => [index]);
  const strength = main.map((_, index) => effectSize(first, index));
  const ranked = dimensions
    .map((_, index) => index)
    .filter((index) => strength[index]! > 0)
    .sort((a, b) => strength[b]! - strength[a]! || a - b)
    .slice(0, INTERACTING)
    .sort((a, b) => a - b);
  const pairs = ranked.flatMap((one, at) => ranked.slice(at + 1).map((other) => [one, other]));
  if (pairs.length === 0) return first;
  const second = fit(dimensions, rows, [...main, ...pairs]);
  // Pairs can always copy a little of what is left: they have to earn their place, and there has to be something left.
  return second.error < WORTHWHILE * first.error && first.error > NEGLIGIBLE * varianceOf(rows.losses)
    ? second
    : first;
}

/** The same without pairs, which is several times faster. */
export function fitMainEffects(dimensions: readonly Dimension[], rows: Rows): SmoothModel {
  return fit(
    dimensions,
    rows,
    dimensions.map((_, index) => [index]),
  );
}

function effectSize({ groups, coefficients }: SmoothModel, group: number): number {
  const { start, size } = groups[group]!;
  return coefficients.subarray(start, start + size).reduce((sum, value) => sum + value * value, 0);
}

function fit(
  dimensions: readonly Dimension[],
  rows: Rows,
  sets: readonly (readonly number[])[],
): SmoothModel {
  const { count, width, points, losses } = rows;
  const groups: Group[] = [];
  const writers: ((point: ArrayLike<number>, into: Float64Array) => void)[] = [];
  let length = 0;
  const degree = Math.max(1, Math.min(DEGREE, Math.floor(MOST_FUNCTIONS / dimensions.length)));
  for (const set of sets) {
    const bases = set.map((index) => createBasis(dimensions[index]!, set.length > 1 ? PAIR_DEGREE : degree));
    const size = bases.reduce((product, basis) => product * basis.size, 1);
    const start = length;
    groups.push({ dimensions: set, start, size });
    length += size;
    writers.push((point, into) => {
      const [one, other] = bases;
      if (other === undefined) return one!.write(point[set[0]!]!, into, start);
      const left = new Float64Array(one!.size);
      const right = new Float64Array(other.size);
      one!.write(point[set[0]!]!, left, 0);
      other.write(point[set[1]!]!, right, 0);
      for (let i = 0; i < left.length; i++)
        for (let j = 0; j < right.length; j++) into[start + i * right.length + j] = left[i]! * right[j]!;
    });
  }
  const features = (point: ArrayLike<number>, into: Float64Array): void => {
    for (const write of writers) write(point, into);
  };

  // Everything relative to the means, so that the intercept takes no part.
  const design = new Float64Array(count * length);
  for (let row = 0; row < count; row++)
    features(
      points.subarray(row * width, (row + 1) * width),
      design.subarray(row * length, (row + 1) * length),
    );
  const means = new Float64Array(length);
  for (let at = 0; at < design.length; at++) means[at % length]! += design[at]! / count;
  const middle = losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, count);
  const scale =
    Math.sqrt(losses.reduce((sum, loss) => sum + (loss - middle) ** 2, 0) / Math.max(1, count)) || 1;
  for (let at = 0; at < design.length; at++) design[at]! -= means[at % length]!;
  const targets = losses.map((loss) => (loss - middle) / scale);

  const gram = new Float64Array(length * length);
  const projection = new Float64Array(length);
  for (let row = 0; row < count; row++) {
    const start = row * length;
    for (let i = 0; i < length; i++) {
      const value = design[start + i]!;
      if (value === 0) continue;
      projection[i]! += value * targets[row]!;
      const into = i * length;
      for (let j = 0; j <= i; j++) gram[into + j] = gram[into + j]! + value * design[start + j]!;
    }
  }

  const total = targets.reduce((sum, target) => sum + target * target, 0);
  /** From the sums alone: yᵀy − 2cᵀXᵀy + cᵀXᵀXc. */
  const squaredResidual = (coefficients: Float64Array): number => {
    let sum = total;
    for (let i = 0; i < length; i++) {
      let inner = -2 * projection[i]! + gram[i * length + i]! * coefficients[i]!;
      for (let j = 0; j < i; j++) inner += 2 * gram[i * length + j]! * coefficients[j]!;
      sum += coefficients[i]! * inner;
    }
    return Math.max(0, sum);
  };

  const groupOf = new Int32Array(length);
  groups.forEach(({ start, size }, group) => groupOf.fill(group, start, start + size));
  let precisions = new Float64Array(groups.length).fill(Math.max(1, length / 4));
  let noise = 0.25;
  let solution = solve(gram, projection, groupOf, precisions, noise, length);
  for (let round = 0; round < ROUNDS; round++) {
    // MacKay's fixed point: effective numbers of coefficients over their squared lengths.
    const { coefficients, variances } = solution;
    let effective = 0;
    const next = precisions.map((precision, group) => {
      const { start, size } = groups[group]!;
      if (size === 0) return precision;
      let [used, square] = [0, 0];
      for (let at = start; at < start + size; at++) {
        used += 1 - precision * variances[at]!;
        square += coefficients[at]! ** 2;
      }
      effective += used;
      return Math.min(1e8, Math.max(1e-4, Math.max(used, 1e-9) / (square + 1e-12)));
    });
    noise = Math.max(1e-8, squaredResidual(coefficients) / Math.max(1, count - 1 - effective));
    const change = next.reduce(
      (most, value, group) => Math.max(most, Math.abs(Math.log(value / precisions[group]!))),
      0,
    );
    precisions = next;
    solution = solve(gram, projection, groupOf, precisions, noise, length);
    if (change < 0.02) break;
  }
  const { coefficients, factor } = solution;

  // Leave-one-out residuals by leverages, the mean counting as one more coefficient.
  let error = 0;
  const work = new Float64Array(length);
  for (let row = 0; row < count; row++) {
    const features = design.subarray(row * length, (row + 1) * length);
    let left = targets[row]!;
    for (let at = 0; at < length; at++) left -= features[at]! * coefficients[at]!;
    forward(factor, features, work, length);
    const leverage = work.reduce((sum, value) => sum + value * value, 0) / noise + 1 / count;
    error += (left / Math.max(1e-3, 1 - leverage)) ** 2;
  }
  return {
    groups,
    intercept: middle - scale * means.reduce((sum, mean, at) => sum + mean * coefficients[at]!, 0),
    coefficients: coefficients.map((value) => scale * value),
    factor: factor.map((value) => value / scale),
    error: count < 2 ? Infinity : (error / count) * scale * scale,
    features,
    predict(point) {
      const centred = new Float64Array(length);
      features(point, centred);
      let mean = middle;
      for (let at = 0; at < length; at++) {
        centred[at]! -= means[at]!;
        mean += scale * centred[at]! * coefficients[at]!;
      }
      forward(factor, centred, work, length);
      const uncertain = work.reduce((sum, value) => sum + value * value, 0);
      return { mean, variance: scale * scale * (uncertain + noise * (1 + 1 / count)) };
    },
  };
}

interface Solution {
  readonly coefficients: Float64Array;
  /** Posterior variances. */
  readonly variances: Float64Array;
  readonly factor: Float64Array;
}

/** Posterior of the coefficients given the prior precisions of their groups and the noise variance. */
function solve(
  gram: Float64Array,
  projection: Float64Array,
  groupOf: Int32Array,
  precisions: Float64Array,
  noise: number,
  length: number,
): Solution {
  const factor = new Float64Array(length * length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * length + j]! / noise;
      if (i === j) sum += precisions[groupOf[i]!]! + 1e-10;
      for (let k = 0; k < j; k++) sum -= factor[i * length + k]! * factor[j * length + k]!;
      factor[i * length + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[j * length + j]!;
    }
  }
  const coefficients = new Float64Array(length);
  forward(factor, projection, coefficients, length);
  for (let i = 0; i < length; i++) coefficients[i]! /= noise;
  backward(factor, coefficients, length);
  // Diagonal of the inverse: squared columns of L⁻¹.
  const variances = new Float64Array(length);
  const column = new Float64Array(length);
  for (let j = 0; j < length; j++) {
    column.fill(0);
    for (let i = j; i < length; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= factor[i * length + k]! * column[k]!;
      column[i] = sum / factor[i * length + i]!;
      variances[j]! += column[i]! ** 2;
    }
  }
  return { coefficients, variances, factor };
}

/** x with L x = b. */
function forward(factor: Float64Array, b: ArrayLike<number>, x: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * length + k]! * x[k]!;
    x[i] = sum / factor[i * length + i]!;
  }
}

/** x with Lᵀ x = b, in place. */
export function backward(factor: Float64Array, x: Float64Array, length: number): void {
  for (let i = length - 1; i >= 0; i--) {
    const value = (x[i]! /= factor[i * length + i]!);
    for (let k = 0; k < i; k++) x[k]! -= factor[i * length + k]! * value;
  }
}
