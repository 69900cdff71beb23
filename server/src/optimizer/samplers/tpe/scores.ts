import { logDensities } from "../../numerics/kernels/product-mixture.ts";
import { type Candidates, createCandidates } from "../../numerics/product-mixture.ts";
import type { Point } from "../sampler.ts";
import { logPrior } from "./kernel.ts";
import { encodeChoices, type Layout } from "./kernel-rows.ts";
import { lineOf, logChoiceMarginals, logMarginals } from "./marginals.ts";
import type { Mixture } from "./mixture.ts";

/** The two densities whose ratio ranks candidates: expected improvement grows with it (Bergstra et al., NIPS 2011). */
export interface Model {
  readonly layout: Layout;
  readonly good: Mixture;
  readonly others: Mixture;
}

/** Log-ratio of the joint densities at each point. */
export function jointScores({ layout, good, others }: Model, points: readonly Point[]): Float64Array {
  const candidates = encode(layout, points);
  const scores = logDensities(good, candidates);
  const above = logDensities(others, candidates);
  for (let at = 0; at < scores.length; at++) scores[at] = scores[at]! - above[at]!;
  return scores;
}

/** Sum of the log-ratios of the marginal densities of the coordinates marked in `redrawn`. */
export function marginalScores(
  { layout, good, others }: Model,
  points: readonly Point[],
  redrawn: readonly boolean[],
): Float64Array {
  const scores = new Float64Array(points.length);
  const add = (below: Float64Array, above: Float64Array, pick: (point: number) => number): void => {
    for (let point = 0; point < scores.length; point++) {
      const at = pick(point);
      if (at >= 0) scores[point] = scores[point]! + below[at]! - above[at]!;
    }
  };
  layout.numeric.forEach(({ index }, at) => {
    if (redrawn[index] !== true) return;
    const units = new Float64Array(points.length);
    for (let point = 0; point < points.length; point++) units[point] = points[point]![index]!;
    const line = lineOf(layout, at, units);
    const pick = (point: number): number => (Number.isNaN(units[point]!) ? -1 : point);
    add(logMarginals(good, at, line), logMarginals(others, at, line), pick);
  });
  layout.categorical.forEach(({ index, cell }, at) => {
    if (redrawn[index] !== true) return;
    const pick = (point: number): number => {
      const unit = points[point]![index]!;
      return Number.isNaN(unit) ? -1 : cell(unit);
    };
    add(logChoiceMarginals(good, at), logChoiceMarginals(others, at), pick);
  });
  return scores;
}

/** Points as the densities read them, each sum begun with the prior kernel. */
export function encode(layout: Layout, points: readonly Point[]): Candidates {
  const width = layout.numeric.length;
  const units = new Float64Array(points.length * width);
  const codes = new Int16Array(points.length * layout.categorical.length);
  const starts = new Float64Array(points.length);
  points.forEach((point, at) => {
    for (let column = 0; column < width; column++) {
      const unit = point[layout.numeric[column]!.index]!;
      units[at * width + column] = unit;
      if (!Number.isNaN(unit)) starts[at] = starts[at]! + logPrior(layout.priorNorms[column]!, unit);
    }
    encodeChoices(layout, point, codes, at * layout.categorical.length);
  });
  return createCandidates(width, units, layout.categorical.length, codes, starts);
}
