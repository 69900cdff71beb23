import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";
import type { Source } from "./source.ts";

/** Where a coordinate comes from, when it is active and not fixed. */
type Choose = (index: number) => number;

/** All coordinates from one kernel: stays on the ridges along which the good trials lie. */
export function drawWhole(space: Space, source: Source, fixed: Point | undefined, stream: Stream): Point {
  const row = source.pick(stream);
  return build(space, fixed, (index) => source.draw(row, index, stream));
}

/** The coordinates marked in `redrawn`, each from a kernel of its own, the others from `base` where it has them. */
export function drawPart(
  space: Space,
  source: Source,
  base: Point,
  redrawn: readonly boolean[],
  fixed: Point | undefined,
  stream: Stream,
): Point {
  return build(space, fixed, (index) => {
    const kept = redrawn[index] === true ? NaN : base[index]!;
    return Number.isNaN(kept) ? source.draw(source.pick(stream), index, stream) : kept;
  });
}

function build(space: Space, fixed: Point | undefined, choose: Choose): Point {
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    if (!space.isActive(point, index)) continue;
    const given = fixed?.[index] ?? NaN;
    point[index] = Number.isNaN(given) ? choose(index) : given;
  }
  return point;
}
