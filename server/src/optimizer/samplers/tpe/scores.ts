import { logDensities } from "../../numerics/kernels/product-mixture.ts";
import { type Candidates, createCandidates } from "../../numerics/product-mixture.ts";
import type { Point } from "../sampler.ts";
import { logPrior } from "./kernel.ts";
import { encodeChoices, type Layout } from "./kernel-rows.ts";
import { createLine, fillLine, logChoiceMarginals, logMarginals } from "./marginals.ts";
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

/** Scratch of marginalScores: a coordinate of the points and its densities under both mixtures. */
let line = createLine(32);
let below = new Float64Array(32);
let above = new Float64Array(32);

/** Sum of the log-ratios of the marginal densities of the coordinates marked in `redrawn`. */
export function marginalScores(
  { layout, good, others }: Model,
  points: readonly Point[],
  redrawn: readonly boolean[],
): Float64Array {
  const scores = new Float64Array(points.length);
  if (points.length > below.length) {
    line = createLine(points.length);
    [below, above] = [new Float64Array(points.length), new Float64Array(points.length)];
  }
  for (let at = 0; at < layout.numeric.length; at++) {
    if (redrawn[layout.numeric[at]!.index] !== true) continue;
    fillLine(line, layout, at, points);
    logMarginals(good, at, line, below);
    logMarginals(others, at, line, above);
    for (let place = 0; place < line.count; place++) {
      const point = line.owners[place]!;
      scores[point] = scores[point]! + below[place]! - above[place]!;
    }
  }
  for (let at = 0; at < layout.categorical.length; at++) {
    const { index, cell } = layout.categorical[at]!;
    if (redrawn[index] !== true) continue;
    const [chosen, left] = [logChoiceMarginals(good, at), logChoiceMarginals(others, at)];
    for (let point = 0; point < points.length; point++) {
      const unit = points[point]![index]!;
      if (Number.isNaN(unit)) continue;
      scores[point] = scores[point]! + chosen[cell(unit)]! - left[cell(unit)]!;
    }
  }
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
