import type { Stream } from "../../numerics/stream.ts";
import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import { placeAt, snapAt } from "../place.ts";
import type { Point } from "../sampler.ts";
import type { Acquisition } from "./acquisition.ts";
import { SMOOTH_CELLS } from "./climb.ts";
import type { Features } from "./features.ts";
import { bestOf, type Scored } from "./scored.ts";

/** How many of the best trials are looked at. */
const BEST = 3;
/** What ends may cost a suggestion: 18 % of its expected improvement, as a logarithm. */
const PRICE = 0.2;
/** Steps off an end are between these, in the unit cube, evenly by their logarithm. */
const SHORTEST = 0.005;
const LONGEST = 0.2;
/** Bounds of parameters on a logarithmic scale come back from their values a rounding error off. */
const ROUNDING = 1e-9;

/**
 * How much oftener the best trials have numbers at the ends of their ranges than the worse half, from 0, which is not oftener, to 1,
 * which is everywhere and nowhere. Hyperparameters often do best at an end, and where some do the others are likelier to.
 *
 * @param ranked - points of ended trials, the best first
 */
export function leaningToEnds(space: Space, ranked: readonly Point[]): number {
  const best = shareAtEnds(space, ranked.slice(0, BEST));
  const worse = shareAtEnds(space, ranked.slice(Math.ceil(ranked.length / 2)));
  return best > worse ? (best - worse) / (1 - worse) : 0;
}

/**
 * The point with smooth coordinates moved to ends, the cheapest first, as long as all of them together do not cost too much; `start` itself
 * where none may move.
 *
 * @param acquisition - the logarithm of an expected improvement
 */
export function moveToEnds(
  space: Space,
  features: Features,
  acquisition: Acquisition,
  start: Point,
  fixed: Point | undefined,
): Point {
  const first = bestOf(features, acquisition, [start])!;
  let here: Scored = first;
  for (;;) {
    const next = bestOf(features, acquisition, endsFrom(space, here.point, fixed));
    if (next === undefined || next.score < first.score - PRICE) return here.point;
    here = next;
  }
}

/**
 * The point with one of its coordinates that are at ends moved inwards by a random step, undefined if none is: what pays off close to an end,
 * such as a little regularisation, changes within less than a model of the whole range can tell.
 */
export function leaveEnd(
  space: Space,
  from: Point,
  fixed: Point | undefined,
  stream: Stream,
): Point | undefined {
  const leaving = freeOf(space, from, fixed).filter((dimension) =>
    isAtEnd(dimension, from[dimension.index]!),
  );
  if (leaving.length === 0) return undefined;
  const { index } = leaving[stream.integer(leaving.length)]!;
  const step = SHORTEST * (LONGEST / SHORTEST) ** stream.uniform();
  const unit = from[index]!;
  return placeAt(space, from.with(index, unit < 0.5 ? unit + step : unit - step), fixed);
}

/** The points with one more smooth coordinate at an end. */
function endsFrom(space: Space, from: Point, fixed: Point | undefined): Point[] {
  return freeOf(space, from, fixed)
    .filter((dimension) => !isAtEnd(dimension, from[dimension.index]!))
    .flatMap(({ index }) => [0, 1].map((end) => snapAt(space, from.with(index, end), fixed)))
    .filter((point) => space.linear.keeps(point));
}

const smoothOf = (space: Space): Dimension[] =>
  space.dimensions.filter(
    ({ kind, cells }) => kind === "continuous" || (kind === "grid" && cells >= SMOOTH_CELLS),
  );

/** Smooth dimensions that a point has and that are not fixed. */
const freeOf = (space: Space, point: Point, fixed: Point | undefined): Dimension[] =>
  smoothOf(space).filter(({ index }) => !Number.isNaN(point[index]!) && Number.isNaN(fixed?.[index] ?? NaN));

function shareAtEnds(space: Space, points: readonly Point[]): number {
  const ends = smoothOf(space).flatMap((dimension) =>
    points
      .map((point) => point[dimension.index]!)
      .filter((unit) => !Number.isNaN(unit))
      .map((unit) => isAtEnd(dimension, unit)),
  );
  return ends.length === 0 ? 0 : ends.filter(Boolean).length / ends.length;
}

function isAtEnd({ kind, cells, cell }: Dimension, unit: number): boolean {
  if (kind === "continuous") return unit <= ROUNDING || unit >= 1 - ROUNDING;
  return cell(unit) === 0 || cell(unit) >= cells - 1;
}
