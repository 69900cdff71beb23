import type { JsonValue } from "@bufbuild/protobuf";
import { createScale, ticksOf, within, type Range } from "../charts/scales.ts";
import { formatParameter, formatValue } from "../format.ts";
import { decodeValue, encodeValue, type Dimension } from "./spec.ts";

/** A parameter along the edge of a grid of cells: cell `i` reaches from `i` to `i + 1`. */
export interface GridAxis {
  readonly dimension: Dimension;
  readonly count: number;
  /** Whether the cells are slices of a range, so that what lies between their middles means something. */
  readonly isEven: boolean;
  /** Where a value, as a place on its dimension's number line, lies among the cells; NaN for none. */
  position(place: number): number;
  /** The value at the middle of a cell, in words. */
  label(cell: number): string;
  /** About `most` positions to write at between two positions, with what to write. */
  ticks(most: number, part: Range): readonly { readonly position: number; readonly label: string }[];
}

/** @param values as the server answered them: all values of the parameter, or the middles of equal slices of its range */
export function createGridAxis(dimension: Dimension, values: readonly JsonValue[]): GridAxis {
  const places = values.map((value) => encodeValue(dimension, value));
  const count = places.length;
  const { low, high, log, kind } = dimension;
  const isEven = kind !== "categorical" && !(places[0] === low && places.at(-1) === high) && count > 1;
  const warp = log ? Math.log : (value: number): number => value;

  function position(place: number): number {
    if (Number.isNaN(place)) return NaN;
    if (isEven) return clamp((count * (warp(place) - warp(low))) / (warp(high) - warp(low)), 0, count);
    if (kind === "categorical" || count < 2) return clamp(place, 0, count - 1) + 0.5;
    let cell = 0;
    while (cell < count - 2 && place >= places[cell + 1]!) cell++;
    const [from, to] = [warp(places[cell]!), warp(places[cell + 1]!)];
    return clamp(cell + (warp(place) - from) / (to - from), 0, count - 1) + 0.5;
  }

  return {
    dimension,
    count,
    isEven,
    position,
    label: (cell) => formatParameter(decodeValue(dimension, places[cell] ?? NaN)),
    ticks(most, part) {
      if (isEven) {
        const whole = createScale(log ? "log" : "linear")
          .domain([low, high])
          .range([0, count]);
        const scale = createScale(log ? "log" : "linear");
        // To the last bit at the ends of the range, where numbers are written.
        scale.domain(part.map((end) => (end <= 0 ? low : end >= count ? high : whole.invert(end))));
        return ticksOf(scale, most).map((value) => ({
          position: position(value),
          label: formatValue(value, 3),
        }));
      }
      const every = Math.max(1, Math.ceil((part[1] - part[0]) / Math.max(1, most)));
      return places.flatMap((place, cell) =>
        cell % every === 0 && within(cell + 0.5, part)
          ? [{ position: cell + 0.5, label: shortened(formatParameter(decodeValue(dimension, place))) }]
          : [],
      );
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

function shortened(text: string): string {
  return text.length > 10 ? `${text.slice(0, 9)}…` : text;
}
