import type { Dimension } from "../space/dimension.ts";
import type { Rows } from "./rows.ts";

/** The stretch of a dimension's [0, 1] within which trials have ended; all of it for choices, and where no trial has the parameter. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

export function reachOf({ kind, index }: Dimension, { count, width, points }: Rows): Reach {
  if (kind === "categorical") return { low: 0, high: 1 };
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < count; row++) {
    const unit = points[row * width + index]!;
    if (unit < low) low = unit;
    if (unit > high) high = unit;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** The nearest coordinate within reach. */
export function within({ low, high }: Reach, unit: number): number {
  return Math.min(high, Math.max(low, unit));
}

/** Root mean square of a curve's slope between its grid points within reach; 0 where there are fewer than two. */
export function typicalSlope(grid: Float64Array, curve: Float64Array, reach: Reach): number {
  let [sum, count] = [0, 0];
  for (let at = 1; at < grid.length; at++) {
    if (grid[at - 1]! < reach.low || grid[at]! > reach.high) continue;
    sum += ((curve[at]! - curve[at - 1]!) / (grid[at]! - grid[at - 1]!)) ** 2;
    count++;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
