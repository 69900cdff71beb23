import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";
import type { Source } from "./source.ts";

/** Where a coordinate comes from, when it is active and not fixed. */
type Choose = (index: number) => number;

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
  let row = 0;
  const choose: Choose = (index) => source.draw(row, index, stream);
  for (const point of points) {
    row = source.pick(stream);
    build(point, space, fixed, choose);
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
  const choose: Choose = (index) => {
    const kept = redrawn[index] === true ? NaN : base[index]!;
    return Number.isNaN(kept) ? source.draw(source.pick(stream), index, stream) : kept;
  };
  for (const point of points) build(point, space, fixed, choose);
}

function build(point: Point, space: Space, fixed: Point | undefined, choose: Choose): void {
  point.fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index)) continue;
    const given = fixed?.[index] ?? NaN;
    point[index] = Number.isNaN(given) ? choose(index) : given;
  }
  if (!space.linear.keeps(point)) point.set(placeAt(space, point, fixed));
}
