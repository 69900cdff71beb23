import type { History } from "../../history.ts";
import { logNormalizer, narrowest, recencyWeight } from "./kernel.ts";
import { createRows, encodeChoices, gapAt, type KernelRows, type Layout } from "./kernel-rows.ts";
import { createMixture, type Mixture } from "./mixture.ts";

/**
 * Mixtures of the good trials, whose kernels have their deviations multiplied by a scale. Built for the first suggestion that
 * needs them, kept as long as `good` is the same array.
 */
export function createGoodMixtures(layout: Layout, isRecencyWeighted: boolean) {
  let known: readonly number[] = [];
  const mixtures = new Map<number, Mixture>();
  return (history: History, good: readonly number[], scale: number): Mixture => {
    if (known !== good) mixtures.clear();
    known = good;
    const built = mixtures.get(scale);
    if (built !== undefined) return built;
    const numbers = good.toSorted((a, b) => a - b);
    const count = numbers.length;
    const weights = new Float64Array(count).fill(1);
    if (isRecencyWeighted) for (let age = 0; age < count; age++) weights[age] = recencyWeight(age, count);
    const rows = createGoodKernels(layout, history, numbers, scale);
    const mixture = createMixture(layout, rows, count, count, weights);
    mixtures.set(scale, mixture);
    return mixture;
  };
}

/** The kernels, row by row in the order of `numbers`: so few that they are built anew. */
function createGoodKernels(
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
  const means = new Float64Array(points.length);
  const order = new Int32Array(points.length);
  for (let at = 0; at < width; at++) {
    const dimension = layout.numeric[at]!;
    for (let row = 0; row < points.length; row++) means[row] = points[row]![dimension.index]!;
    const count = sortRows(means, order);
    const floor = narrowest(count + 1);
    for (let position = 0; position < count; position++) {
      const row = order[position]!;
      const mean = means[row]!;
      const left = position > 0 ? means[order[position - 1]!]! : 0;
      const right = position < count - 1 ? means[order[position + 1]!]! : 1;
      const deviation = Math.min(1, scale * Math.max(gapAt(left, mean, right, position, count), floor));
      const slot = row * width + at;
      rows.pairs[2 * slot] = mean;
      rows.pairs[2 * slot + 1] = Math.SQRT1_2 / deviation;
      rows.norms[slot] = logNormalizer(dimension, mean, deviation);
      rows.rowLogs[row] = rows.rowLogs[row]! + rows.norms[slot];
    }
  }
  return rows;
}

/** Writes the rows that have a mean into `order`, by (mean, row), and returns how many: insertion, since they are few. */
function sortRows(means: Float64Array, order: Int32Array): number {
  let count = 0;
  for (let row = 0; row < means.length; row++) {
    const mean = means[row]!;
    if (Number.isNaN(mean)) continue;
    let position = count++;
    for (; position > 0 && means[order[position - 1]!]! > mean; position--)
      order[position] = order[position - 1]!;
    order[position] = row;
  }
  return count;
}
