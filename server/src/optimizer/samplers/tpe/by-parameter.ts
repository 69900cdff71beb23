import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";
import { isGiven } from "./moves.ts";
import { marginalScores, type Model } from "./scores.ts";
import { createSource } from "./source.ts";

/**
 * A point whose parameters are chosen one by one, parents first: each is the value, of as many as there is room for points, at which the
 * density of the good trials is highest against that of the others by this parameter alone (Bergstra et al., NIPS 2011).
 *
 * @param points - scratch, one candidate each
 */
export function assemble(
  points: readonly Point[],
  space: Space,
  model: Model,
  fixed: Point | undefined,
  stream: Stream,
): Point {
  // Fixed values say nothing of the other parameters here.
  const source = createSource(space, model.good, undefined);
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index) || isGiven(point, index, fixed)) continue;
    for (const candidate of points) source.draw(candidate, index, source.pick(stream), stream);
    const isAsked = space.dimensions.map((dimension) => dimension.index === index);
    const scores = marginalScores(model, points, isAsked);
    const best = scores.reduce((winner, score, at) => (score > scores[winner]! ? at : winner), 0);
    point[index] = points[best]![index]!;
  }
  return space.linear.keeps(point) ? point : placeAt(space, point, fixed);
}
