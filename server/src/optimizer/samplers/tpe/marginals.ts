import { expNegative } from "../../numerics/exp.ts";
import { logPrior } from "./kernel.ts";
import type { Mixture } from "./mixture.ts";

/** Of many kernels about this many are used: one coordinate alone needs fewer than all together. */
const ENOUGH = 1024;

/** Every how many rows a marginal density takes one. */
const strideOf = (mixture: Mixture): number => Math.max(1, Math.ceil(mixture.length / ENOUGH));

/** Logarithm of the mixture's marginal density of one numeric coordinate, at each of `units`. */
export function logMarginals(mixture: Mixture, at: number, units: Float64Array): Float64Array {
  const { layout, rows, length, weights } = mixture;
  const width = layout.numeric.length;
  const stride = strideOf(mixture);
  const sums = units.map((unit) => Math.exp(logPrior(layout.priorNorms[at]!, unit)));
  let total = 1;
  for (let row = 0; row < length; row += stride) {
    if (rows.rowLogs[row] === -Infinity) continue;
    const slot = row * width + at;
    const scale = rows.pairs[2 * slot + 1]!;
    const weight = weights[row]!;
    total += weight;
    const peak = weight * Math.exp(rows.norms[slot]!);
    for (let i = 0; i < units.length; i++) {
      const distance = (units[i]! - rows.pairs[2 * slot]!) * scale;
      sums[i] = sums[i]! + peak * expNegative(-distance * distance);
    }
  }
  return sums.map((sum) => Math.log(sum / total));
}

/** Marginal log-densities of all choices of one categorical coordinate, in the order of the choices. */
export function logChoiceMarginals(mixture: Mixture, at: number): Float64Array {
  const { layout, rows, length, weights } = mixture;
  const stride = strideOf(mixture);
  const choices = layout.categorical.length;
  const match = Math.exp(mixture.matches[at]!);
  const mismatch = Math.exp(mixture.mismatches[at]!);
  const byCode = new Float64Array(layout.categorical[at]!.cells + 1);
  let total = 1;
  for (let row = 0; row < length; row += stride) {
    if (rows.rowLogs[row] === -Infinity) continue;
    const code = rows.codes[row * choices + at]!;
    byCode[code] = byCode[code]! + weights[row]!;
    total += weights[row]!;
  }
  const flat = 1 + byCode[0]!; // the prior, and trials without this coordinate
  const known = total - flat;
  return byCode.subarray(1).map((own) => Math.log((flat + own * match + (known - own) * mismatch) / total));
}
