import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";

/** Grids with at most this many cells and all categoricals are tried value by value. */
const LISTED_CELLS = 12;

/** The points that differ from one in a single grid or categorical coordinate that is not fixed; of fine grids only the nearest cells. */
export function exchangesOf(space: Space, start: Point, fixed: Point | undefined): Point[] {
  const points: Point[] = [];
  for (const { index, kind, cells, cell, centre } of space.dimensions) {
    const unit = start[index]!;
    if (kind === "continuous" || Number.isNaN(unit) || !Number.isNaN(fixed?.[index] ?? NaN)) continue;
    const own = cell(unit);
    const others =
      kind === "categorical" || cells <= LISTED_CELLS
        ? Array.from({ length: Math.min(cells, 64) }, (_, other) => other)
        : [own - 2, own - 1, own + 1, own + 2];
    for (const other of others) {
      if (other === own || other < 0 || other >= cells) continue;
      // What the new value activates stands in the middle of its range.
      const units = start.slice();
      units[index] = centre(other);
      points.push(placeAt(space, units, fixed));
    }
  }
  return points;
}
