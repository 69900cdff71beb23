import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";
import type { Source } from "./source.ts";

/** Room for so many points, in one piece of memory. */
export function createPoints(space: Space, count: number): Point[] {
  const width = space.dimensions.length;
  const all = new Float64Array(count * width);
  return Array.from({ length: count }, (_, at) => all.subarray(at * width, (at + 1) * width));
}

/** Draws each point from one kernel: stays on the ridges along which the good trials lie. */
export function drawWhole(
  points: readonly Point[],
  space: Space,
  source: Source,
  fixed: Point | undefined,
  stream: Stream,
): void {
  for (const point of points) {
    const row = source.pick(stream);
    point.fill(NaN);
    for (const index of space.order) {
      if (!space.isActive(point, index) || isGiven(point, index, fixed)) continue;
      source.draw(point, index, row, stream);
    }
    if (!space.linear.keeps(point)) point.set(placeAt(space, point, fixed));
  }
}

/** Draws the coordinates marked in `redrawn`, each from a kernel of its own, and takes the others from `base` where it has them. */
export function drawPart(
  points: readonly Point[],
  space: Space,
  source: Source,
  base: Point,
  redrawn: readonly boolean[],
  fixed: Point | undefined,
  stream: Stream,
): void {
  for (const point of points) {
    point.fill(NaN);
    for (const index of space.order) {
      if (!space.isActive(point, index) || isGiven(point, index, fixed)) continue;
      if (redrawn[index] === true || Number.isNaN(base[index]!))
        source.draw(point, index, source.pick(stream), stream);
      else point[index] = base[index]!;
    }
    if (!space.linear.keeps(point)) point.set(placeAt(space, point, fixed));
  }
}

/** Gives a point its fixed coordinate; false where that is free. */
export function isGiven(point: Point, index: number, fixed: Point | undefined): boolean {
  if (fixed === undefined || Number.isNaN(fixed[index]!)) return false;
  point[index] = fixed[index]!;
  return true;
}
