import type { Dimension } from "../space/dimension.ts";
import { createGroupFeatures, type Group, pairsWithRoom } from "./group-features.ts";
import { fitRelevance, leaveOneOut, sumsOf } from "./relevance.ts";
import { type Rows, varianceOf } from "./rows.ts";
import { forward } from "./triangular.ts";

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

/** Parameters that may interact: those with the largest effects of their own (heredity), and at most this many. */
const INTERACTING = 7;
const WORTHWHILE = 0.9;
const NEGLIGIBLE = 1e-3;

/**
 * Bayesian linear regression on functions of one coordinate and of pairs of coordinates, in groups that the trials show to matter or
 * not (`relevance.ts`). Cost O(n p²) for p coefficients.
 */
export function fitSmoothModel(dimensions: readonly Dimension[], rows: Rows): SmoothModel {
  const first = fitMainEffects(dimensions, rows);
  const main = dimensions.map((_, index) => [index]);
  const strength = main.map((_, index) => effectSize(first, index));
  const ranked = dimensions
    .map((_, index) => index)
    .filter((index) => strength[index]! > 0)
    .sort((a, b) => strength[b]! - strength[a]! || a - b)
    .slice(0, INTERACTING);
  const likely = ranked
    .flatMap((one, at) =>
      ranked.slice(at + 1).map((other) => [Math.min(one, other), Math.max(one, other)] as const),
    )
    .sort(([a, b], [c, d]) => strength[c]! * strength[d]! - strength[a]! * strength[b]!);
  const pairs = pairsWithRoom(dimensions, likely).sort(([a, b], [c, d]) => a - c || b - d);
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
  const { groups, length, write: features } = createGroupFeatures(dimensions, sets);

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
  const fitted = fitRelevance(sumsOf(design, targets), groups);
  const { coefficients, factor, noise } = fitted;
  const work = new Float64Array(length);

  return {
    groups,
    intercept: middle - scale * means.reduce((sum, mean, at) => sum + mean * coefficients[at]!, 0),
    coefficients: coefficients.map((value) => scale * value),
    factor: factor.map((value) => value / scale),
    error: count < 2 ? Infinity : leaveOneOut(fitted, design, targets) * scale * scale,
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
