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
  const points = numbers.map((number) => history.point(number));
  points.forEach((point, row) => encodeChoices(layout, point, rows.codes, row * layout.categorical.length));
  layout.numeric.forEach((dimension, at) => {
    const means = Float64Array.from(points, (point) => point[dimension.index]!);
    const order = [...means.keys()].filter((row) => !Number.isNaN(means[row]!));
    order.sort((a, b) => means[a]! - means[b]! || a - b);
    const floor = narrowest(order.length + 1);
    order.forEach((row, position) => {
      const mean = means[row]!;
      const [left, right] = [means[order[position - 1] ?? row]!, means[order[position + 1] ?? row]!];
      const gap = gapAt(left, mean, right, position, order.length);
      const deviation = Math.min(1, scale * Math.max(gap, floor));
      const slot = row * width + at;
      rows.pairs[2 * slot] = mean;
      rows.pairs[2 * slot + 1] = Math.SQRT1_2 / deviation;
      rows.norms[slot] = logNormalizer(dimension, mean, deviation);
    });
  });
  for (let row = 0; row < numbers.length; row++) {
    let sum = 0;
    for (let slot = row * width; slot < (row + 1) * width; slot++) sum += rows.norms[slot]!;
    rows.rowLogs[row] = sum;
  }
  return rows;
}
