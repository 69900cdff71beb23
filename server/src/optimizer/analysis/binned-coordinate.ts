import type { Dimension } from "../space/dimension.ts";
import type { Rows } from "./rows.ts";

/** Where an inactive coordinate lies, and the threshold that parts it from the active ones. */
export const INACTIVE = -1;

const BINS = 48;
/** Bins that a byte can tell apart: of a categorical with more choices, the last ones share one. */
const MOST_CHOICES = 255;

/** A coordinate in few steps: each row's bin, and the upper edge of each bin. */
export interface BinnedCoordinate {
  readonly bins: Uint8Array;
  readonly count: number;
  readonly edges: Float64Array;
  /** Of a categorical, the cell of each bin. */
  readonly cellOf: Int32Array | undefined;
  readonly cells: number;
}

export function binCoordinate(
  dimension: Dimension,
  { count, width, points }: Rows,
  index: number,
): BinnedCoordinate {
  const units = Float64Array.from({ length: count }, (_, row) => {
    const unit = points[row * width + index]!;
    return Number.isNaN(unit) ? INACTIVE : unit;
  });
  const different = [...new Set(units)].sort((a, b) => a - b);
  let edges: number[];
  if (different.length <= BINS || dimension.kind === "categorical") {
    const shown = different.slice(0, MOST_CHOICES);
    edges = shown.map((unit, at) => (at + 1 < shown.length ? (unit + shown[at + 1]!) / 2 : Infinity));
  } else {
    const sorted = units.toSorted();
    const starts = Array.from(
      { length: BINS - 1 },
      (_, at) => sorted[Math.floor(((at + 1) * count) / BINS)]!,
    );
    const inner = [...new Set(starts)].filter((unit) => unit > sorted[0]!);
    edges = [
      ...inner.map((unit) => {
        const below = sorted[lowerBound(sorted, unit) - 1]!;
        return (below + unit) / 2;
      }),
      Infinity,
    ];
  }
  const ends = Float64Array.from(edges);
  return {
    bins: Uint8Array.from(units, (unit) => lowerBound(ends, unit)),
    count: ends.length,
    edges: ends,
    cellOf:
      dimension.kind === "categorical"
        ? Int32Array.from(different.slice(0, MOST_CHOICES), (unit) =>
            unit === INACTIVE ? -1 : dimension.cell(unit),
          )
        : undefined,
    cells: dimension.kind === "categorical" ? dimension.cells : 0,
  };
}

/** How many ascending numbers are smaller. */
function lowerBound(ascending: Float64Array, value: number): number {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
