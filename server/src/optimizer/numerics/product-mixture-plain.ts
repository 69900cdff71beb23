import { expNegative } from "./exp.ts";
import { type Candidates, type Line, NEGLIGIBLE, type ProductMixture, slackOf } from "./product-mixture.ts";

/** As `logDensities` of kernels/product-mixture.ts, to the last bit, without WebAssembly. */
export function logDensitiesPlain(mixture: ProductMixture, candidates: Candidates): Float64Array {
  const { rows, length, weights, matches, mismatches } = mixture;
  const { pairs, norms, rowLogs } = rows;
  const { count, lanes, width, choiceWidth, numeric, categorical } = candidates;
  const { hasGaps } = numeric;
  const slack = slackOf(mixture, candidates);
  const maxima = candidates.starts.slice();
  const bounds = maxima.map((maximum) => maximum - NEGLIGIBLE);
  const sums = new Float64Array(count).fill(1);
  let lowest = Math.min(...bounds);
  for (let row = 0; row < length; row++) {
    const rowLog = rowLogs[row]!;
    if (rowLog === -Infinity) continue;
    const weight = weights[row]!;
    let base = hasGaps ? 0 : rowLog;
    for (let i = 0; i < numeric.shared.length; i++) {
      const slot = row * width + numeric.shared[i]!;
      const distance = (numeric.sharedValues[i]! - pairs[2 * slot]!) * pairs[2 * slot + 1]!;
      if (hasGaps) base += norms[slot]! - distance * distance;
      else base -= distance * distance;
    }
    for (let i = 0; i < categorical.shared.length; i++) {
      const at = categorical.shared[i]!;
      const own = rows.codes[row * choiceWidth + at]!;
      if (own !== 0) base += own === categorical.sharedValues[i] ? matches[at]! : mismatches[at]!;
    }
    if (!hasGaps && base + slack <= lowest) continue;
    let isHigher = false;
    for (let candidate = 0; candidate < count; candidate++) {
      let log = base;
      for (let i = 0; i < categorical.varying.length; i++) {
        const at = categorical.varying[i]!;
        const own = rows.codes[row * choiceWidth + at]!;
        const code = categorical.values[i * lanes + candidate]!;
        if (own !== 0 && code !== 0) log += own === code ? matches[at]! : mismatches[at]!;
      }
      for (let i = 0; i < numeric.varying.length; i++) {
        const slot = row * width + numeric.varying[i]!;
        const unit = numeric.values[i * lanes + candidate]!;
        const distance = (unit - pairs[2 * slot]!) * pairs[2 * slot + 1]!;
        if (!hasGaps) log -= distance * distance;
        else if (!Number.isNaN(unit)) log += norms[slot]! - distance * distance;
      }
      if (!(log > bounds[candidate]!)) continue;
      const before = maxima[candidate]!;
      if (log > before) {
        sums[candidate] = sums[candidate]! * expNegative(before - log);
        maxima[candidate] = log;
        bounds[candidate] = log - NEGLIGIBLE;
        isHigher = true;
      }
      sums[candidate] = sums[candidate]! + weight * expNegative(log - maxima[candidate]!);
    }
    if (isHigher) lowest = Math.min(...bounds);
  }
  return maxima.map((maximum, candidate) => maximum + Math.log(sums[candidate]!));
}

/** As `logLine` of kernels/product-mixture.ts, to the last bit, without WebAssembly. */
export function logLinePlain(
  { rows: { pairs, norms, rowLogs }, length, weights }: ProductMixture,
  width: number,
  at: number,
  stride: number,
  { count, values, starts }: Line,
  logs: Float64Array,
): number {
  const kernels: number[] = [];
  for (let row = 0; row < length; row += stride) if (rowLogs[row] !== -Infinity) kernels.push(row);
  const begun = starts.subarray(0, count);
  const top = Math.max(...begun, ...kernels.map((row) => norms[row * width + at]!));
  const bound = Math.min(...begun) - top - NEGLIGIBLE;
  const sums = begun.map((start) => expNegative(start - top));
  for (const row of kernels) {
    const slot = row * width + at;
    const terms = values.subarray(0, count).map((value) => {
      const distance = (value - pairs[2 * slot]!) * pairs[2 * slot + 1]!;
      return norms[slot]! - top - distance * distance;
    });
    for (let i = 0; i < count; i++) {
      const isNear = terms[i]! > bound || (terms[i ^ 1] ?? -Infinity) > bound; // two to a register
      if (isNear) sums[i] = sums[i]! + weights[row]! * expNegative(terms[i]!);
    }
  }
  for (let i = 0; i < count; i++) logs[i] = top + Math.log(sums[i]!);
  return kernels.reduce((sum, row) => sum + weights[row]!, 1);
}
