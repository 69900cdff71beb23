import { backward, forward } from "./triangular.ts";

/** Sums over the rows of a regression whose features and targets have mean 0. */
export interface Sums {
  readonly count: number;
  /** XᵀX, of which the lower triangle is filled; row-major. */
  readonly gram: Float64Array;
  /** Xᵀy. */
  readonly projection: Float64Array;
  /** yᵀy. */
  readonly total: number;
}

/** Coefficients that share a prior variance. */
export interface Block {
  readonly start: number;
  readonly size: number;
}

/** What is believed of the coefficients once the rows are seen. */
export interface Relevance {
  readonly coefficients: Float64Array;
  /** Lower Cholesky factor of the posterior precision, row-major. */
  readonly factor: Float64Array;
  /** Variance of the targets about the model. */
  readonly noise: number;
}

/**
 * @param design - features, row-major, each of mean 0
 * @param targets - one a row, of mean 0
 */
export function sumsOf(design: Float64Array, targets: Float64Array): Sums {
  const count = targets.length;
  const length = count === 0 ? 0 : design.length / count;
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
  return { count, gram, projection, total: targets.reduce((sum, target) => sum + target * target, 0) };
}

/** Rounds at most, and what all of them may cost, in cubes of the coefficients: beyond 246 coefficients there are fewer. */
const ROUNDS = 40;
const MOST_COST = 6e8;

/**
 * Bayesian linear regression whose blocks have prior variances of their own, found by type-II maximum likelihood (automatic relevance
 * determination: MacKay 1992; Tipping, JMLR 1, 2001), so that what the rows do not show drops out. Cost O(p³) a round for p coefficients.
 */
export function fitRelevance({ count, gram, projection, total }: Sums, blocks: readonly Block[]): Relevance {
  const length = projection.length;
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

  const blockOf = new Int32Array(length);
  blocks.forEach(({ start, size }, block) => blockOf.fill(block, start, start + size));
  let precisions = new Float64Array(blocks.length).fill(Math.max(1, length / 4));
  let noise = 0.25;
  let solution = solve(gram, projection, blockOf, precisions, noise, length);
  const rounds = Math.min(ROUNDS, Math.ceil(MOST_COST / length ** 3));
  for (let round = 0; round < rounds; round++) {
    // MacKay's fixed point: effective numbers of coefficients over their squared lengths.
    const { coefficients, variances } = solution;
    let effective = 0;
    const next = precisions.map((precision, block) => {
      const { start, size } = blocks[block]!;
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
    solution = solve(gram, projection, blockOf, precisions, noise, length);
    if (change < 0.02) break;
  }
  const { coefficients, factor } = solution;
  return { coefficients, factor, noise };
}

/** Mean squared error of each row predicted from the others, by leverages; the mean counts as one more coefficient. */
export function leaveOneOut(
  { coefficients, factor, noise }: Relevance,
  design: Float64Array,
  targets: Float64Array,
): number {
  const [count, length] = [targets.length, coefficients.length];
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
  return error / count;
}

interface Solution {
  readonly coefficients: Float64Array;
  /** Posterior variances. */
  readonly variances: Float64Array;
  readonly factor: Float64Array;
}

/** Posterior of the coefficients given the prior precisions of their blocks and the noise variance. */
function solve(
  gram: Float64Array,
  projection: Float64Array,
  blockOf: Int32Array,
  precisions: Float64Array,
  noise: number,
  length: number,
): Solution {
  const factor = new Float64Array(length * length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * length + j]! / noise;
      if (i === j) sum += precisions[blockOf[i]!]! + 1e-10;
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
