import { logLine } from "../../numerics/kernels/product-mixture.ts";
import type { Line } from "../../numerics/product-mixture.ts";
import type { Point } from "../sampler.ts";
import { logPrior } from "./kernel.ts";
import type { Layout } from "./kernel-rows.ts";
import type { Mixture } from "./mixture.ts";

/** Of many kernels about this many are used: one coordinate alone needs fewer than all together. */
const ENOUGH = 1024;

/** Every how many rows a marginal density takes one. */
const strideOf = (mixture: Mixture): number => Math.max(1, Math.ceil(mixture.length / ENOUGH));

/** One numeric coordinate of some points, at which the marginals of several mixtures can be taken. */
export interface PointLine extends Line {
  /** Which point each value comes from. */
  readonly owners: Int32Array;
}

/** Room for so many points. */
export function createLine(capacity: number): PointLine {
  const [values, starts] = [new Float64Array(capacity), new Float64Array(capacity)];
  return { count: 0, values, starts, owners: new Int32Array(capacity) };
}

/** Writes the coordinate `at` of the points that have it into a line, in ascending order: neighbours leave out the same kernels. */
export function fillLine(line: PointLine, layout: Layout, at: number, points: readonly Point[]): void {
  const { values, starts, owners } = line;
  const { index } = layout.numeric[at]!;
  const norm = layout.priorNorms[at]!;
  let count = 0;
  for (let point = 0; point < points.length; point++) {
    const unit = points[point]![index]!;
    if (Number.isNaN(unit)) continue;
    let place = count++;
    for (; place > 0 && values[place - 1]! > unit; place--) {
      values[place] = values[place - 1]!;
      owners[place] = owners[place - 1]!;
    }
    values[place] = unit;
    owners[place] = point;
  }
  for (let place = 0; place < count; place++) starts[place] = logPrior(norm, values[place]!);
  line.count = count;
}

/** Logarithms of the mixture's marginal density of one numeric coordinate at the values of a line. */
export function logMarginals(mixture: Mixture, at: number, line: PointLine, logs: Float64Array): void {
  const total = logLine(mixture, mixture.layout.numeric.length, at, strideOf(mixture), line, logs);
  const logTotal = Math.log(total);
  for (let place = 0; place < line.count; place++) logs[place] = logs[place]! - logTotal;
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
