import type { Space } from "../space/space.ts";
import type { Point } from "./sampler.ts";

/**
 * The point of a space nearest to a place in the unit cube: inactive coordinates left out, grids at the centres of their
 * cells, fixed coordinates kept; where the place has no coordinate (NaN), the middle. Moved to where it keeps the linear constraints,
 * unless the fixed coordinates forbid it.
 */
export function placeAt(space: Space, units: ArrayLike<number>, fixed: Point | undefined): Point {
  const point = snapAt(space, units, fixed);
  if (space.linear.keeps(point)) return point;
  const kept = space.linear.nearest(point, fixed);
  // A constrained coordinate may have activated others.
  return kept === undefined
    ? point
    : snapAt(
        space,
        kept.map((unit, index) => (Number.isNaN(unit) ? units[index]! : unit)),
        fixed,
      );
}

/** The same without regard to linear constraints. */
export function snapAt(space: Space, units: ArrayLike<number>, fixed: Point | undefined): Point {
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index)) continue;
    const { kind, cell, centre, cells } = space.dimensions[index]!;
    const given = fixed?.[index] ?? NaN;
    const unit = Number.isNaN(units[index]!) ? 0.5 : Math.min(1, Math.max(0, units[index]!));
    if (!Number.isNaN(given)) point[index] = given;
    else point[index] = kind === "continuous" ? unit : centre(Math.min(cells - 1, cell(unit)));
  }
  return point;
}
