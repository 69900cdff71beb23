import { logDensities } from "../../numerics/kernels/product-mixture.ts";
import { type Candidates, createCandidates, type ProductKernels } from "../../numerics/product-mixture.ts";
import { logPrior } from "./kernel.ts";
import type { Layout } from "./kernel-rows.ts";
import type { Mixture } from "./mixture.ts";

/** Of many kernels about this many are used: one coordinate alone needs fewer than all together. */
const ENOUGH = 1024;

/** Every how many rows a marginal density takes one. */
const strideOf = (mixture: Mixture): number => Math.max(1, Math.ceil(mixture.length / ENOUGH));

const none = new Float64Array(0);
const noCodes = new Int16Array(0);
/** Scratch: the kernels of one coordinate and their weights. */
const column: ProductKernels = {
  pairs: new Float64Array(2 * ENOUGH),
  norms: new Float64Array(ENOUGH),
  rowLogs: new Float64Array(ENOUGH),
  codes: noCodes,
};
const shares = new Float64Array(ENOUGH);

/** Values of one numeric coordinate, at which the marginals of several mixtures can be taken. */
export function lineOf({ priorNorms }: Layout, at: number, units: Float64Array): Candidates {
  const starts = new Float64Array(units.length);
  for (let i = 0; i < units.length; i++)
    starts[i] = Number.isNaN(units[i]!) ? 0 : logPrior(priorNorms[at]!, units[i]!);
  return createCandidates(1, units, 0, noCodes, starts);
}

/** Logarithm of the mixture's marginal density of one numeric coordinate at the units of a line; those that are NaN get any number. */
export function logMarginals(mixture: Mixture, at: number, line: Candidates): Float64Array {
  const { layout, rows, length, weights } = mixture;
  const width = layout.numeric.length;
  const stride = strideOf(mixture);
  const used = Math.ceil(length / stride);
  const { pairs, norms, rowLogs } = column;
  let total = 1;
  for (let row = 0, to = 0; row < length; row += stride, to++) {
    const slot = row * width + at;
    pairs[2 * to] = rows.pairs[2 * slot]!;
    pairs[2 * to + 1] = rows.pairs[2 * slot + 1]!;
    norms[to] = rows.norms[slot]!;
    const isEmpty = rows.rowLogs[row] === -Infinity;
    rowLogs[to] = isEmpty ? -Infinity : norms[to]!;
    shares[to] = weights[row]!;
    if (!isEmpty) total += weights[row]!;
  }
  const logs = logDensities(
    { rows: column, length: used, weights: shares, matches: none, mismatches: none },
    line,
  );
  const logTotal = Math.log(total);
  for (let i = 0; i < logs.length; i++) logs[i] = logs[i]! - logTotal;
  return logs;
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
