import type { Point } from "../sampler.ts";
import { logNormalizer, narrowest } from "./kernel.ts";
import { createRows, encodeChoices, gapAt, growRows, type KernelRows, type Layout } from "./kernel-rows.ts";

/**
 * The kernels of all trials that are not among the good ones, row = trial number, brought up to date one trial at a
 * time. Each coordinate keeps its means in order, so that a trial that comes or goes changes the deviations of its
 * neighbours only; above 98 kernels the smallest deviation is constant. The state is a function of the set of rows:
 * however it came about, the numbers are the same to the bit.
 */
export interface OtherKernels {
  readonly rows: KernelRows;
  /** One above the highest row ever used. */
  readonly length: number;
  /** How many rows hold a kernel. */
  readonly count: number;
  add(row: number, point: Point): void;
  remove(row: number): void;
  /** Brings the rows' numbers up to date after any number of changes. */
  settle(): void;
}

export function createOtherKernels(layout: Layout): OtherKernels {
  const width = layout.numeric.length;
  const rows = createRows(layout, 64);
  const orders = layout.numeric.map(() => createOrder());
  /** Smallest deviation that a coordinate's kernels were last given. */
  const floors = new Float64Array(width);
  const touched = new Set<number>();
  let length = 0;
  let count = 0;

  const meanOf = (row: number, at: number): number => rows.pairs[2 * (row * width + at)]!;

  const widen = (at: number, position: number): void => {
    const order = orders[at]!;
    if (position < 0 || position >= order.length) return;
    const row = order.numbers[position]!;
    const gap = gapAt((neighbour) => meanOf(order.numbers[neighbour]!, at), position, order.length);
    const deviation = Math.min(1, Math.max(gap, floors[at]!));
    const scale = Math.SQRT1_2 / deviation;
    const slot = row * width + at;
    if (rows.pairs[2 * slot + 1] === scale) return;
    rows.pairs[2 * slot + 1] = scale;
    rows.norms[slot] = logNormalizer(layout.numeric[at]!, meanOf(row, at), deviation);
    touched.add(row);
  };
  const adjust = (at: number, from: number, to: number): void => {
    const floor = narrowest(orders[at]!.length + 1);
    if (floor === floors[at]) for (let position = from; position <= to; position++) widen(at, position);
    else {
      floors[at] = floor;
      for (let position = 0; position < orders[at]!.length; position++) widen(at, position);
    }
  };

  return {
    rows,
    get length() {
      return length;
    },
    get count() {
      return count;
    },
    add(row, point) {
      while (row >= rows.rowLogs.length) growRows(rows, layout);
      length = Math.max(length, row + 1);
      count++;
      encodeChoices(layout, point, rows.codes, row * layout.categorical.length);
      layout.numeric.forEach(({ index }, at) => {
        const mean = point[index]!;
        if (Number.isNaN(mean)) return;
        rows.pairs[2 * (row * width + at)] = mean;
        const position = orders[at]!.insert(row, (other) => meanOf(other, at));
        adjust(at, position - 1, position + 1);
      });
      touched.add(row);
    },
    remove(row) {
      count--;
      for (let at = 0; at < width; at++) {
        const slot = row * width + at;
        if (rows.pairs[2 * slot + 1] === 0) continue;
        const position = orders[at]!.remove(row, (other) => meanOf(other, at));
        rows.pairs[2 * slot] = 0;
        rows.pairs[2 * slot + 1] = 0;
        rows.norms[slot] = 0;
        adjust(at, position - 1, position);
      }
      rows.rowLogs[row] = -Infinity;
      touched.delete(row);
    },
    settle() {
      for (const row of touched) {
        let sum = 0;
        for (let slot = row * width; slot < (row + 1) * width; slot++) sum += rows.norms[slot]!;
        rows.rowLogs[row] = sum;
      }
      touched.clear();
    },
  };
}

/** Row numbers ordered by (mean, row). */
interface Order {
  readonly length: number;
  readonly numbers: Int32Array;
  /** Puts a row in and returns its position. */
  insert(row: number, meanOf: (row: number) => number): number;
  /** Takes a row out and returns the position that it had. */
  remove(row: number, meanOf: (row: number) => number): number;
}

function createOrder(): Order {
  let numbers = new Int32Array(64);
  let length = 0;
  /** First position whose (mean, row) is not below the row's. */
  const search = (row: number, meanOf: (row: number) => number): number => {
    const mean = meanOf(row);
    let low = 0;
    for (let high = length; low < high;) {
      const middle = (low + high) >>> 1;
      const other = numbers[middle]!;
      const otherMean = meanOf(other);
      if (otherMean < mean || (otherMean === mean && other < row)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get length() {
      return length;
    },
    get numbers() {
      return numbers;
    },
    insert(row, meanOf) {
      if (length === numbers.length) {
        const longer = new Int32Array(2 * length);
        longer.set(numbers);
        numbers = longer;
      }
      const position = search(row, meanOf);
      numbers.copyWithin(position + 1, position, length);
      numbers[position] = row;
      length++;
      return position;
    },
    remove(row, meanOf) {
      const position = search(row, meanOf);
      numbers.copyWithin(position, position + 1, length);
      length--;
      return position;
    },
  };
}
