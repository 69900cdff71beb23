import { contours } from "d3-contour";

/** A grid of numbers, column by column: all rows of the first column, then all of the second. */
export interface Grid {
  readonly values: readonly number[];
  readonly low: number;
  readonly high: number;
  /** How far each value stands out, 0 to 1. */
  readonly shares: Float64Array;
}

/**
 * What a contour draws of an answer.
 * @param view the expected value, or how wide its interval is
 * @param sign -1 when larger values stand out, and 1 when smaller ones do
 */
export function gridCells(
  answer: {
    readonly mean: readonly number[];
    readonly low: readonly number[];
    readonly high: readonly number[];
  },
  view: "value" | "doubt",
  sign: 1 | -1,
): Grid {
  const values =
    view === "value" ? answer.mean : answer.high.map((high, i) => high - (answer.low[i] ?? high));
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const isFlipped = view === "value" && sign === 1;
  const shares = Float64Array.from(values, (value) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return isFlipped ? 1 - share : share;
  });
  return { values, low, high, shares };
}

/** An area in which a share is at least `share`, as rings of [column, row] in cells: a cell's middle is at i + 0.5. */
export interface Band {
  readonly share: number;
  readonly rings: readonly (readonly (readonly [number, number])[])[];
}

/** Areas of so many equal steps of the shares, each covering those of the steps above it. */
export function contourBands(shares: Float64Array, columns: number, rows: number, steps = 14): Band[] {
  // d3-contour counts the other way: the first index runs along x.
  const turned = Array.from({ length: columns * rows }, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    return shares[column * rows + row] ?? NaN;
  });
  const thresholds = Array.from({ length: steps }, (_, step) => step / steps);
  return contours()
    .size([columns, rows])
    .thresholds(thresholds)(turned)
    .map(({ value, coordinates }) => ({
      share: value,
      rings: coordinates.flat() as [number, number][][],
    }));
}
