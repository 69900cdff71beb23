import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";
import type { Acquisition } from "./acquisition.ts";
import type { Box } from "./box.ts";
import { nearbyPoints, spreadPoints } from "./candidates.ts";
import { climb } from "./climb.ts";
import type { Scored } from "./scored.ts";
import type { Features } from "./features.ts";

export interface SearchOptions {
  readonly space: Space;
  readonly features: Features;
  readonly acquisition: Acquisition;
  /** Points to look around, the best first; at least one. */
  readonly good: readonly Point[];
  readonly fixed: Point | undefined;
  readonly box: Box | undefined;
  /** Points scored: as many all over as near the good ones. */
  readonly scanned: number;
  /** How many of them are climbed from, and how many evaluations a climb may take. */
  readonly starts: number;
  readonly evaluations: number;
  /** Whether a point may be proposed. */
  isNew(point: Point): boolean;
  readonly stream: Stream;
}

/** A point where the acquisition is as high as a scan and some climbs find. */
export function search(options: SearchOptions): Scored {
  const { space, features, acquisition, good, fixed, box, scanned, starts, evaluations, isNew, stream } =
    options;
  const half = scanned >> 1;
  const points = [
    ...spreadPoints(space, half, fixed, box, stream),
    ...nearbyPoints(space, half, good, fixed, box, stream),
  ];
  const rows = new Float64Array(points.length * features.width);
  points.forEach((point, i) => features.encode(point, rows, i * features.width));
  const scores = acquisition.score(rows, points.length);
  const order = points.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);

  let best: Scored | undefined;
  for (const i of pickStarts(order, half, starts)) {
    const start = { point: points[i]!, score: scores[i]! };
    const found = climb(space, features, acquisition, start, fixed, box, evaluations);
    if (isNew(found.point) && (best === undefined || found.score > best.score)) best = found;
  }
  if (best !== undefined) return best;
  const i = order.find((candidate) => isNew(points[candidate]!)) ?? order[0]!;
  return { point: points[i]!, score: scores[i]! };
}

/** The best of all, then the best from all over and the best from nearby in turn; those from nearby are alike, so some are skipped. */
function pickStarts(order: readonly number[], half: number, count: number): Set<number> {
  const spread = order.filter((i) => i < half);
  const near = order.filter((i) => i >= half);
  const picks = new Set(order.slice(0, 1));
  for (let k = 0; picks.size < Math.min(count, order.length) && k < order.length; k++) {
    for (const i of [spread[k], near[3 * k]]) if (i !== undefined && picks.size < count) picks.add(i);
  }
  return picks;
}
