import type { Point } from "../sampler.ts";
import type { Acquisition } from "./acquisition.ts";
import type { Features } from "./features.ts";

/** A point and its score. */
export interface Scored {
  readonly point: Point;
  readonly score: number;
}

/** The point with the highest score, the first of several; undefined without points. */
export function bestOf(
  features: Features,
  acquisition: Acquisition,
  points: readonly Point[],
): Scored | undefined {
  const [first] = points;
  if (first === undefined) return undefined;
  const rows = new Float64Array(points.length * features.width);
  points.forEach((point, i) => features.encode(point, rows, i * features.width));
  const scores = acquisition.score(rows, points.length);
  const winner = scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);
  return { point: points[winner]!, score: scores[winner]! };
}
