import { createStream } from "../numerics/stream.ts";
import type { Dimension } from "../space/dimension.ts";
import { enumerate } from "../space/enumerate.ts";
import type { Space } from "../space/space.ts";
import { placeAt } from "./place.ts";
import type { Sampler } from "./sampler.ts";
import { createSequence } from "./sobol.ts";
import { isLongWalk, nextPoint } from "./walk.ts";

export interface GridOptions {
  /** Values of each parameter that has more, both bounds among them; categoricals keep all. Default 10. */
  readonly resolution?: number | undefined;
}

/** Every combination of evenly spaced values once, in an order that spreads early trials evenly; then between them. */
export function createGridSampler(space: Space, { resolution = 10 }: GridOptions = {}): Sampler {
  const dimensions = space.dimensions.map((dimension) => thin(dimension, resolution));
  const whole = enumerate(dimensions);
  const between = createSequence(space);
  return {
    isHeavy: () => isLongWalk(space, whole),
    suggest({ history, number, seed, fixed }) {
      const points = fixed === undefined ? whole : enumerate(dimensions, fixed);
      if (Number.isFinite(points.size) && points.size > 0) {
        const offset = createStream(seed, "grid").uniform();
        const point = nextPoint(points, space, history, number, offset);
        if (point !== undefined && (history.count(point, 1) === 0 || Number.isFinite(space.size))) {
          return { point, sampler: "grid", reason: `the next of the ${points.size} points of the grid` };
        }
      }
      const reason = Number.isFinite(points.size)
        ? `between the points of the grid: all ${points.size} are used${space.linear.rows.length > 0 ? " or break a constraint" : ""}`
        : "evenly over the space: its grid has too many points to go through";
      return { point: placeAt(space, between(seed, number), fixed), sampler: "sobol", reason };
    },
  };
}

/** A dimension with `resolution` of its values, evenly spaced; as it is when others hang on it or it has fewer. */
function thin(dimension: Dimension, resolution: number): Dimension {
  const { kind, cells, children, cell, centre } = dimension;
  if (kind === "categorical" || children.length > 0 || cells <= resolution) return dimension;
  const values = Math.max(1, Math.floor(resolution));
  const place = (position: number): number => (values === 1 ? 0.5 : position / (values - 1));
  return {
    ...dimension,
    kind: "grid",
    cells: values,
    cell: (unit) => Math.min(values - 1, Math.max(0, Math.round(unit * (values - 1)))),
    centre: (position) => (kind === "grid" ? centre(cell(place(position))) : place(position)),
  };
}
