import type { History } from "../history.ts";
import type { Enumeration } from "../space/enumerate.ts";
import type { Space } from "../space/space.ts";
import type { Point } from "./sampler.ts";

/** How many points are looked at for one that keeps the linear constraints. */
const LOOKED_AT = 20_000;

/** (√5 − 1) / 2: multiples of it fill the circle evenly. */
const GOLDEN = 0.618033988749894848;

/**
 * The first point, of those counted by `points`, that the fewest trials have, in an order that jumps evenly through the count:
 * rank (start + k · stride) mod size with a stride near the golden section, starting where trial `number` would stand if
 * each earlier trial had taken one step. Undefined when the linear constraints leave none, or so few that none was found.
 */
export function nextPoint(
  points: Enumeration,
  { linear }: Space,
  history: History,
  number: number,
  offset: number,
): Point | undefined {
  const { size } = points;
  const stride = strideFor(size);
  const start = Math.floor(offset * size);
  const at = (step: number): Point => points.unrank(rankAt(start, step, stride, size));
  let best: Point | undefined;
  let fewest = Infinity;
  // Trials fill at most as many points as there are trials: one more step than that finds an unused one if there is any.
  const steps = Math.min(size, linear.rows.length === 0 ? history.size + 1 : LOOKED_AT);
  for (let step = 0; step < steps && fewest > 0; step++) {
    const point = at((number + step) % size);
    const count = history.count(point);
    if (count < fewest && linear.keeps(point)) {
      best = point;
      fewest = count;
    }
  }
  return best;
}

/** Whether finding the next point may take a while: with linear constraints many may have to be looked at. */
export const isLongWalk = ({ linear }: Space, points: Enumeration): boolean =>
  linear.rows.length > 0 && Number.isFinite(points.size);

function strideFor(size: number): number {
  let stride = Math.max(1, Math.round(size * GOLDEN));
  while (divisor(stride, size) !== 1) stride++;
  return stride;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Exact whatever the size: the product may exceed 2^53. */
function rankAt(start: number, step: number, stride: number, size: number): number {
  const product = step * stride;
  if (product + start <= Number.MAX_SAFE_INTEGER) return (start + product) % size;
  return Number((BigInt(start) + BigInt(step) * BigInt(stride)) % BigInt(size));
}
