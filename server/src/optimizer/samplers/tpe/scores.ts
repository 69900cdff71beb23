import type { Point } from "../sampler.ts";
import { encodeChoices, type Layout } from "./kernel-rows.ts";
import { logChoiceMarginals, logMarginals } from "./marginals.ts";
import { type Candidates, logDensities, type Mixture } from "./mixture.ts";

/** The two densities whose ratio ranks candidates: expected improvement grows with it (Bergstra et al., NIPS 2011). */
export interface Model {
  readonly layout: Layout;
  readonly good: Mixture;
  readonly others: Mixture;
}

/** Log-ratio of the joint densities at each point. */
export function jointScores({ layout, good, others }: Model, points: readonly Point[]): Float64Array {
  const candidates = encode(layout, points);
  const above = logDensities(others, candidates);
  return logDensities(good, candidates).map((log, at) => log - above[at]!);
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
    const units = Float64Array.from(points, (point) => point[index]!);
    const pick = (point: number): number => (Number.isNaN(units[point]!) ? -1 : point);
    add(logMarginals(good, at, units), logMarginals(others, at, units), pick);
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

function encode(layout: Layout, points: readonly Point[]): Candidates {
  const width = layout.numeric.length;
  const units = new Float64Array(points.length * width);
  const codes = new Int16Array(points.length * layout.categorical.length);
  points.forEach((point, at) => {
    layout.numeric.forEach(({ index }, column) => (units[at * width + column] = point[index]!));
    encodeChoices(layout, point, codes, at * layout.categorical.length);
  });
  return { count: points.length, units, codes };
}
