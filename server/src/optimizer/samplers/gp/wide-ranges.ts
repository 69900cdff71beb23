import type { Space } from "../../space/space.ts";
import { SMOOTH_CELLS } from "./climb.ts";
import type { Features } from "./features.ts";
import type { Training } from "./likelihood.ts";
import type { Posterior } from "./posterior.ts";

/**
 * Another scale for positive ranges that span orders of magnitude and were declared without a logarithmic one, such as a weight decay from
 * 1e-5 to 0.1: it may be the ratio of values that counts there, and then all that matters lies within a small part of the range.
 */
export interface WideRanges {
  /** The same data on the logarithmic scale. */
  rescale(training: Training): Training;
  /** The posterior of such data, to be asked at points as they are. */
  lift(inner: Posterior): Posterior;
}

/** Upper bound over lower bound from which a range is wide. */
const WIDE = 50;
/** Shares of the range below this are not told apart: they are as good as its end. */
const SMALLEST = 1e-3;

/** Undefined where no range is wide. */
export function createWideRanges(space: Space, features: Features): WideRanges | undefined {
  const { numeric } = features;
  const shifts = Array.from(features.dimensions, (index) => shiftOf(space, index));
  const wide = shifts.flatMap((shift, k) =>
    shift === undefined ? [] : [{ k, shift, span: Math.log(1 + 1 / shift) }],
  );
  if (wide.length === 0) return undefined;
  const rescaled = (rows: Float64Array, count: number): Float64Array => {
    const copy = rows.slice(0, count * features.width);
    for (let from = 0; from < copy.length; from += features.width) {
      for (const { k, shift, span } of wide) copy[from + k] = Math.log(1 + copy[from + k]! / shift) / span;
    }
    return copy;
  };
  return {
    rescale: (training) => ({ ...training, rows: rescaled(training.rows, training.count) }),
    lift(inner) {
      const here = new Float64Array(numeric);
      return {
        signal: inner.signal,
        noise: inner.noise,
        predict: (rows, count, means, deviations) =>
          inner.predict(rescaled(rows, count), count, means, deviations),
        at(row) {
          here.set(row.subarray(0, numeric));
          return inner.at(rescaled(row, 1));
        },
        slopes(a, b, gradient) {
          inner.slopes(a, b, gradient);
          for (const { k, shift, span } of wide) gradient[k] = gradient[k]! / (shift + here[k]!) / span;
        },
        believe: (rows, count) => inner.believe(rescaled(rows, count), count),
      };
    },
  };
}

/** What is added to a coordinate from 0 to 1 before its logarithm is taken; undefined where the range is not wide. */
function shiftOf({ parameters, dimensions }: Space, index: number): number | undefined {
  const { domain } = parameters[index]!;
  // Where a prior says what is likely, coordinates are apart by that already.
  if (domain.kind === "categorical" || domain.log || domain.prior !== undefined) return undefined;
  const { low, high } = domain;
  const { kind, cells } = dimensions[index]!;
  const isSmooth = kind === "continuous" || cells >= SMOOTH_CELLS;
  return isSmooth && low > 0 && high / low >= WIDE ? Math.max(SMALLEST, low / (high - low)) : undefined;
}
