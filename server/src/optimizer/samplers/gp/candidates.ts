import { createScrambledSobol, MAX_SOBOL_DIMENSIONS } from "../../numerics/sobol.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt, snapAt } from "../place.ts";
import { drawUniform } from "../random.ts";
import type { Point } from "../sampler.ts";
import type { Box } from "./box.ts";

/** Steps away from a good point are between these, in the unit cube, evenly by their logarithm. */
const SHORTEST = 0.003;
const LONGEST = 0.3;
/** Points of the sequence that are looked at for each one that keeps the linear constraints. */
const MOST_LOOKED_AT = 4;

/** Points spread evenly over the box. */
export function spreadPoints(
  space: Space,
  count: number,
  fixed: Point | undefined,
  box: Box | undefined,
  stream: Stream,
): Point[] {
  const dimensions = space.dimensions.length;
  if (dimensions > MAX_SOBOL_DIMENSIONS) {
    return Array.from({ length: count }, () => drawUniform(space, stream, fixed));
  }
  const pointAt = createScrambledSobol(dimensions, stream.integer(2 ** 52));
  const unitsAt = (i: number): Float64Array =>
    box === undefined ? pointAt(i) : pointAt(i).map((unit, k) => within(box, k, unit));
  if (space.linear.rows.length === 0) {
    return Array.from({ length: count }, (_, i) => placeAt(space, unitsAt(i), fixed));
  }
  const kept: Point[] = [];
  for (let i = 0; i < MOST_LOOKED_AT * count && kept.length < count; i++) {
    const point = snapAt(space, unitsAt(i), fixed);
    if (space.linear.keeps(point)) kept.push(point);
  }
  while (kept.length < count) kept.push(drawUniform(space, stream, fixed));
  return kept;
}

const within = ({ lower, upper }: Box, k: number, unit: number): number =>
  lower[k]! + unit * (upper[k]! - lower[k]!);

/** Points near good ones, which come best first: a few coordinates moved, by steps of any length. */
export function nearbyPoints(
  space: Space,
  count: number,
  good: readonly Point[],
  fixed: Point | undefined,
  box: Box | undefined,
  stream: Stream,
): Point[] {
  const dimensions = space.dimensions.length;
  return Array.from({ length: count }, () => {
    const base = good[Math.floor(stream.uniform() ** 2 * good.length)]!;
    const share = Math.max(1.5 / dimensions, stream.uniform() ** 2);
    const step = SHORTEST * (LONGEST / SHORTEST) ** stream.uniform();
    const forced = stream.integer(dimensions);
    const units = base.map((unit, index) => {
      const fresh = stream.uniform();
      const isMoved = index === forced || stream.uniform() < share;
      if (Number.isNaN(unit)) return fresh;
      if (!isMoved) return unit;
      const { kind, cells } = space.dimensions[index]!;
      if (kind === "categorical") return fresh;
      // At least a cell, or a grid would not notice.
      const length = Math.max(step, kind === "grid" ? 1 / cells : 0);
      const moved = reflect(unit + length * stream.normal());
      return box === undefined ? moved : Math.min(box.upper[index]!, Math.max(box.lower[index]!, moved));
    });
    return placeAt(space, units, fixed);
  });
}

/** Back into [0, 1] by mirrors at its ends. */
function reflect(unit: number): number {
  const folded = Math.abs(unit) % 2;
  return folded > 1 ? 2 - folded : folded;
}
