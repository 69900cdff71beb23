import { expNegative } from "../../numerics/exp.ts";
import { choiceLogs, logPrior } from "./kernel.ts";
import type { KernelRows, Layout } from "./kernel-rows.ts";

/** A weighted sum of product kernels and the prior kernel, whose weight is 1. Weights are at most 1 and not normalised. */
export interface Mixture {
  readonly layout: Layout;
  readonly rows: KernelRows;
  /** Number of rows in use, the empty ones among them included. */
  readonly length: number;
  /** Number of kernels without the prior. */
  readonly count: number;
  readonly weights: Float64Array;
  /** Log-densities by categorical coordinate: at a kernel's own choice, at another. */
  readonly matches: Float64Array;
  readonly mismatches: Float64Array;
}

export function createMixture(
  layout: Layout,
  rows: KernelRows,
  length: number,
  count: number,
  weights: Float64Array,
): Mixture {
  const logs = layout.categorical.map(({ cells }) => choiceLogs(cells, count + 1));
  return {
    layout,
    rows,
    length,
    count,
    weights,
    matches: Float64Array.from(logs, ({ match }) => match),
    mismatches: Float64Array.from(logs, ({ mismatch }) => mismatch),
  };
}

/** Points to evaluate, in the columns of a layout. */
export interface Candidates {
  readonly count: number;
  /** Per candidate and numeric coordinate; NaN where inactive. */
  readonly units: Float64Array;
  /** Per candidate and categorical coordinate: 1 + choice, 0 where inactive. */
  readonly codes: Int16Array;
}

/** A term this far below the largest, in logarithms, is below rounding. */
const NEGLIGIBLE = 36;

/** Logarithm of the mixture's density at each candidate, up to the constant of its total weight. */
export function logDensities(mixture: Mixture, candidates: Candidates): Float64Array {
  const { layout, rows, length, weights } = mixture;
  const { pairs, norms, rowLogs, codes } = rows;
  const { count, units } = candidates;
  const width = layout.numeric.length;
  const choices = layout.categorical.length;
  const isWhole = new Uint8Array(count).fill(1);
  const maxima = new Float64Array(count); // largest logarithm so far; the prior's to begin with
  const sums = new Float64Array(count).fill(1); // sum of terms relative to the largest
  for (let candidate = 0; candidate < count; candidate++) {
    for (let at = 0; at < width; at++) {
      const unit = units[candidate * width + at]!;
      if (Number.isNaN(unit)) isWhole[candidate] = 0;
      else maxima[candidate] = maxima[candidate]! + logPrior(layout.priorNorms[at]!, unit);
    }
  }
  for (let row = 0; row < length; row++) {
    const rowLog = rowLogs[row]!;
    if (rowLog === -Infinity) continue;
    const weight = weights[row]!;
    const start = row * width;
    for (let candidate = 0; candidate < count; candidate++) {
      const first = candidate * width;
      let log = 0;
      for (let at = 0; at < choices; at++) {
        const own = codes[row * choices + at]!;
        const other = candidates.codes[candidate * choices + at]!;
        if (own !== 0 && other !== 0) log += own === other ? mixture.matches[at]! : mixture.mismatches[at]!;
      }
      const bound = maxima[candidate]! - NEGLIGIBLE;
      if (isWhole[candidate] === 1) {
        log += rowLog;
        for (let at = 0; at < width && log > bound; at++) {
          const distance = (units[first + at]! - pairs[2 * (start + at)]!) * pairs[2 * (start + at) + 1]!;
          log -= distance * distance;
        }
      } else {
        for (let at = 0; at < width; at++) {
          const unit = units[first + at]!;
          if (Number.isNaN(unit)) continue;
          const distance = (unit - pairs[2 * (start + at)]!) * pairs[2 * (start + at) + 1]!;
          log += norms[start + at]! - distance * distance;
        }
      }
      if (log <= bound) continue;
      const maximum = maxima[candidate]!;
      if (log > maximum) {
        sums[candidate] = sums[candidate]! * expNegative(maximum - log) + weight;
        maxima[candidate] = log;
      } else sums[candidate] = sums[candidate]! + weight * expNegative(log - maximum);
    }
  }
  return maxima.map((maximum, candidate) => maximum + Math.log(sums[candidate]!));
}
