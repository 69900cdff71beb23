import type { History } from "../../history.ts";
import type { Dimension } from "../../space/dimension.ts";
import { logNormalizer, narrowest, recencyWeight } from "./kernel.ts";
import { createRows, encodeChoices, gapAt, growRows, type KernelRows, type Layout } from "./kernel-rows.ts";
import { createMixture, type Mixture } from "./mixture.ts";

/**
 * Smallest deviation on a grid, in cells: a third of the draws then leave the cell. With much less, good trials that share a cell would hold the
 * coordinate there for good. Chosen on tables of real trainings (seeds 10 to 19).
 */
const STEP = 0.5;

/** What one scale's mixtures are built in. */
interface Scratch {
  readonly rows: KernelRows;
  mixture: Mixture | undefined;
}

/**
 * Mixtures of the good trials, whose kernels have their deviations multiplied by a scale. Built for the first suggestion that
 * needs them, kept as long as `good` is the same array; the next of the same scale is built in the same memory.
 */
export function createGoodMixtures(layout: Layout, isRecencyWeighted: boolean) {
  let known: readonly number[] = [];
  let numbers: readonly number[] = [];
  let weights = new Float64Array(0);
  const scales = new Map<number, Scratch>();
  return (history: History, good: readonly number[], scale: number): Mixture => {
    if (known !== good) {
      known = good;
      numbers = good.toSorted((a, b) => a - b);
      const count = numbers.length;
      if (weights.length !== count) {
        weights = new Float64Array(count).fill(1);
        if (isRecencyWeighted) for (let age = 0; age < count; age++) weights[age] = recencyWeight(age, count);
      }
      for (const scratch of scales.values()) scratch.mixture = undefined;
    }
    let scratch = scales.get(scale);
    if (scratch === undefined) {
      scratch = { rows: createRows(layout, 16), mixture: undefined };
      scales.set(scale, scratch);
    }
    if (scratch.mixture === undefined) {
      fillGoodKernels(scratch.rows, layout, history, numbers, scale);
      scratch.mixture = createMixture(layout, scratch.rows, numbers.length, numbers.length, weights);
    }
    return scratch.mixture;
  };
}

/** Scratch: the means of one coordinate by row, and the rows in their order. */
let means = new Float64Array(32);
let order = new Int32Array(32);

/** The kernels, row by row in the order of `numbers`: so few that they are built anew. */
function fillGoodKernels(
  rows: KernelRows,
  layout: Layout,
  history: History,
  numbers: readonly number[],
  scale: number,
): void {
  const width = layout.numeric.length;
  const choices = layout.categorical.length;
  while (rows.rowLogs.length < numbers.length) growRows(rows, layout);
  if (means.length < numbers.length) {
    means = new Float64Array(2 * numbers.length);
    order = new Int32Array(2 * numbers.length);
  }
  const { pairs, norms, rowLogs, codes } = rows;
  const points = numbers.map((number) => history.point(number));
  rowLogs.fill(0);
  if (choices > 0)
    for (let row = 0; row < points.length; row++) encodeChoices(layout, points[row]!, codes, row * choices);
  for (let at = 0; at < width; at++) {
    const dimension = layout.numeric[at]!;
    for (let row = 0; row < points.length; row++) means[row] = points[row]![dimension.index]!;
    const count = sortRows(points.length);
    const floor = narrowest(count + 1);
    for (let row = 0; count < points.length && row < points.length; row++) {
      if (!Number.isNaN(means[row]!)) continue;
      const slot = row * width + at;
      pairs[2 * slot] = 0;
      pairs[2 * slot + 1] = 0;
      norms[slot] = 0;
    }
    for (let position = 0; position < count; position++) {
      const row = order[position]!;
      const mean = means[row]!;
      const left = position > 0 ? means[order[position - 1]!]! : 0;
      const right = position < count - 1 ? means[order[position + 1]!]! : 1;
      const gap = gapAt(left, mean, right, position, count);
      const deviation = Math.min(
        1,
        Math.max(scale * Math.max(gap, floor), STEP * cellWidth(dimension, mean)),
      );
      const slot = row * width + at;
      pairs[2 * slot] = mean;
      pairs[2 * slot + 1] = Math.SQRT1_2 / deviation;
      norms[slot] = logNormalizer(dimension, mean, deviation);
      rowLogs[row] = rowLogs[row]! + norms[slot];
    }
  }
}

/** Writes the first rows that have a mean into `order`, by (mean, row), and returns how many: insertion, since they are few. */
function sortRows(rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const mean = means[row]!;
    if (Number.isNaN(mean)) continue;
    let position = count++;
    for (; position > 0 && means[order[position - 1]!]! > mean; position--)
      order[position] = order[position - 1]!;
    order[position] = row;
  }
  return count;
}

/** Width of the cell around a coordinate; 0 where there are none. */
function cellWidth({ kind, cell, edge }: Dimension, unit: number): number {
  if (kind === "continuous") return 0;
  const own = cell(unit);
  return edge(own + 1) - edge(own);
}
