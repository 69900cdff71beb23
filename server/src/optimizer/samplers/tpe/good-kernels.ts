import type { History } from "../../history.ts";
import { logNormalizer, narrowest } from "./kernel.ts";
import { createRows, encodeChoices, gapAt, type KernelRows, type Layout } from "./kernel-rows.ts";

/**
 * The kernels of the good trials, which are few: built anew for each suggestion, row by row in the order of `numbers`.
 * `scale` multiplies the deviations.
 */
export function createGoodKernels(
  layout: Layout,
  history: History,
  numbers: readonly number[],
  scale: number,
): KernelRows {
  const width = layout.numeric.length;
  const rows = createRows(layout, numbers.length);
  rows.rowLogs.fill(0);
  numbers.forEach((number, row) => {
    encodeChoices(layout, history.point(number), rows.codes, row * layout.categorical.length);
  });
  layout.numeric.forEach((dimension, at) => {
    const means = Float64Array.from(numbers, (number) => history.point(number)[dimension.index]!);
    const order = numbers.flatMap((_, row) => (Number.isNaN(means[row]!) ? [] : [row]));
    order.sort((a, b) => means[a]! - means[b]! || a - b);
    const floor = narrowest(order.length + 1);
    order.forEach((row, position) => {
      const gap = gapAt((neighbour) => means[order[neighbour]!]!, position, order.length);
      const deviation = Math.min(1, scale * Math.max(gap, floor));
      const slot = row * width + at;
      rows.pairs[2 * slot] = means[row]!;
      rows.pairs[2 * slot + 1] = Math.SQRT1_2 / deviation;
      rows.norms[slot] = logNormalizer(dimension, means[row]!, deviation);
    });
  });
  for (let row = 0; row < numbers.length; row++) {
    let sum = 0;
    for (let slot = row * width; slot < (row + 1) * width; slot++) sum += rows.norms[slot]!;
    rows.rowLogs[row] = sum;
  }
  return rows;
}
