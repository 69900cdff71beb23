import { minimize } from "../../numerics/minimize.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";
import type { Acquisition } from "./acquisition.ts";
import type { Box } from "./box.ts";
import { exchangesOf } from "./exchanges.ts";
import type { Features } from "./features.ts";
import { bestOf, type Scored } from "./scored.ts";
import { createWall } from "./wall.ts";

/** Grids with at least this many cells are climbed as if continuous, then rounded. */
export const SMOOTH_CELLS = 12;

/**
 * Climbs the acquisition from a point: quasi-Newton steps in the smooth coordinates and exchanges of single values in the
 * others, in turn until neither helps.
 */
export function climb(
  space: Space,
  features: Features,
  acquisition: Acquisition,
  start: Scored,
  fixed: Point | undefined,
  box: Box | undefined,
  evaluations: number,
): Scored {
  let best = start;
  for (let round = 0; round < 3; round++) {
    const before = best.score;
    best = climbSmooth(
      space,
      features,
      acquisition,
      best,
      fixed,
      box,
      round === 0 ? evaluations : evaluations >> 1,
    );
    const exchanged = exchange(space, features, acquisition, best, fixed);
    const isChanged = exchanged !== best;
    best = exchanged;
    if (!isChanged || !(best.score > before + 1e-3)) break;
  }
  return best;
}

function climbSmooth(
  space: Space,
  features: Features,
  acquisition: Acquisition,
  start: Scored,
  fixed: Point | undefined,
  box: Box | undefined,
  evaluations: number,
): Scored {
  const row = new Float64Array(features.width);
  features.encode(start.point, row, 0);
  const free: number[] = [];
  features.dimensions.forEach((index, feature) => {
    const { kind, cells } = space.dimensions[index]!;
    const isFixed = !Number.isNaN(fixed?.[index] ?? NaN);
    const isActive = !Number.isNaN(start.point[index]!);
    if (isActive && !isFixed && (kind === "continuous" || cells >= SMOOTH_CELLS)) free.push(feature);
  });
  if (free.length === 0) return start;
  const full = new Float64Array(features.numeric);
  const wall = createWall(space, start.point);
  const here = start.point.slice();
  const slopes = new Float64Array(here.length);
  const bound = (side: "lower" | "upper", otherwise: number): Float64Array =>
    Float64Array.from(free, (feature) => box?.[side][features.dimensions[feature]!] ?? otherwise);
  const { x, value } = minimize(
    (units, gradient) => {
      free.forEach((feature, i) => (row[feature] = units[i]!));
      const score = acquisition.at(row);
      acquisition.gradient(full);
      free.forEach((feature, i) => (here[features.dimensions[feature]!] = units[i]!));
      const price = wall(here, slopes);
      free.forEach((feature, i) => (gradient[i] = slopes[features.dimensions[feature]!]! - full[feature]!));
      return price - score;
    },
    Float64Array.from(free, (feature) => row[feature]!),
    {
      lower: bound("lower", 0),
      upper: bound("upper", 1),
      maxEvaluations: evaluations,
      gradientTolerance: 1e-3,
      valueTolerance: 1e-4,
      firstStep: 0.02,
    },
  );
  if (!(-value > start.score)) return start;
  const units = Float64Array.from(start.point);
  free.forEach((feature, i) => (units[features.dimensions[feature]!] = x[i]!));
  const point = placeAt(space, units, fixed);
  features.encode(point, row, 0);
  const score = acquisition.at(row);
  return score > start.score ? { point, score } : start;
}

/** The best point that differs in one grid or categorical coordinate, when it is better. */
function exchange(
  space: Space,
  features: Features,
  acquisition: Acquisition,
  start: Scored,
  fixed: Point | undefined,
): Scored {
  const best = bestOf(features, acquisition, exchangesOf(space, start.point, fixed));
  return best !== undefined && best.score > start.score ? best : start;
}
