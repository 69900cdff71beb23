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
  /** One above the highest row used since the last `truncate`. */
  readonly length: number;
  /** How many rows hold a kernel. */
  readonly count: number;
  /** Size of all columns. */
  readonly bytes: number;
  add(row: number, point: Point): void;
  remove(row: number): void;
  /** Forgets that there were rows from this one on, none of which holds a kernel: what goes by `length` must not see them. */
  truncate(toLength: number): void;
  /** Brings the rows' numbers up to date after any number of changes. */
  settle(): void;
}

export function createOtherKernels(layout: Layout): OtherKernels {
  const width = layout.numeric.length;
  const rows = createRows(layout, 64);
  const orders = layout.numeric.map(() => createOrder());
  /** Smallest deviation of a coordinate's kernels, and whether it has changed since they were given theirs. */
  const floors = new Float64Array(width);
  const isStale = new Uint8Array(width);
  /** Rows whose sum is to be made anew, each once. */
  const touched: number[] = [];
  let isTouched = new Uint8Array(rows.rowLogs.length);
  let length = 0;
  let count = 0;

  const touch = (row: number): void => {
    if (isTouched[row] === 0) touched.push(row);
    isTouched[row] = 1;
  };

  /** Gives the kernels at some positions of a coordinate's order their deviations. */
  const widen = (at: number, from: number, to: number): void => {
    const { numbers, length: many } = orders[at]!;
    const { pairs, norms } = rows;
    const floor = floors[at]!;
    const last = Math.min(to, many - 1);
    for (let position = Math.max(0, from); position <= last; position++) {
      const slot = numbers[position]! * width + at;
      const mean = pairs[2 * slot]!;
      const left = position === 0 ? 0 : pairs[2 * (numbers[position - 1]! * width + at)]!;
      const right = position === many - 1 ? 1 : pairs[2 * (numbers[position + 1]! * width + at)]!;
      const deviation = Math.min(1, Math.max(gapAt(left, mean, right, position, many), floor));
      const scale = Math.SQRT1_2 / deviation;
      if (pairs[2 * slot + 1] === scale) continue;
      pairs[2 * slot + 1] = scale;
      norms[slot] = logNormalizer(layout.numeric[at]!, mean, deviation);
      touch(numbers[position]!);
    }
  };
  /** After a change at some positions: their kernels now, or all of them when settling, if the smallest deviation is another. */
  const adjust = (at: number, from: number, to: number): void => {
    const floor = narrowest(orders[at]!.length + 1);
    if (floor !== floors[at]) isStale[at] = 1;
    floors[at] = floor;
    if (isStale[at] === 0) widen(at, from, to);
  };

  return {
    rows,
    get length() {
      return length;
    },
    get count() {
      return count;
    },
    get bytes() {
      const columns = [rows.pairs, rows.norms, rows.rowLogs, rows.codes, isTouched];
      const own = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
      return orders.reduce((sum, { numbers }) => sum + numbers.byteLength, own);
    },
    add(row, point) {
      while (row >= rows.rowLogs.length) growRows(rows, layout);
      if (isTouched.length < rows.rowLogs.length) {
        const longer = new Uint8Array(rows.rowLogs.length);
        longer.set(isTouched);
        isTouched = longer;
      }
      rows.rowLogs[row] = 0;
      length = Math.max(length, row + 1);
      count++;
      encodeChoices(layout, point, rows.codes, row * layout.categorical.length);
      for (let at = 0; at < width; at++) {
        const mean = point[layout.numeric[at]!.index]!;
        if (Number.isNaN(mean)) continue;
        rows.pairs[2 * (row * width + at)] = mean;
        rows.pairs[2 * (row * width + at) + 1] = NaN; // there, with a deviation to come
        const position = orders[at]!.insert(row, rows.pairs, width, at);
        adjust(at, position - 1, position + 1);
      }
      touch(row);
    },
    remove(row) {
      count--;
      for (let at = 0; at < width; at++) {
        const slot = row * width + at;
        if (rows.pairs[2 * slot + 1] === 0) continue;
        const position = orders[at]!.remove(row, rows.pairs, width, at);
        rows.pairs[2 * slot] = 0;
        rows.pairs[2 * slot + 1] = 0;
        rows.norms[slot] = 0;
        adjust(at, position - 1, position);
      }
      rows.rowLogs[row] = -Infinity;
    },
    truncate(toLength) {
      length = Math.min(length, toLength);
    },
    settle() {
      for (let at = 0; at < width; at++) if (isStale[at] === 1) widen(at, 0, orders[at]!.length);
      isStale.fill(0);
      for (const row of touched) {
        isTouched[row] = 0;
        if (rows.rowLogs[row] === -Infinity) continue; // gone again
        let sum = 0;
        for (let slot = row * width; slot < (row + 1) * width; slot++) sum += rows.norms[slot]!;
        rows.rowLogs[row] = sum;
      }
      touched.length = 0;
    },
  };
}

/** Row numbers of one coordinate, ordered by (mean, row). */
interface Order {
  readonly length: number;
  readonly numbers: Int32Array;
  /** Puts a row in and returns its position. */
  insert(row: number, pairs: Float64Array, width: number, at: number): number;
  /** Takes a row out and returns the position that it had. */
  remove(row: number, pairs: Float64Array, width: number, at: number): number;
}

function createOrder(): Order {
  let numbers = new Int32Array(64);
  let length = 0;
  /** First position whose (mean, row) is not below the row's. */
  const search = (row: number, pairs: Float64Array, width: number, at: number): number => {
    const mean = pairs[2 * (row * width + at)]!;
    let low = 0;
    for (let high = length; low < high;) {
      const middle = (low + high) >>> 1;
      const other = numbers[middle]!;
      const otherMean = pairs[2 * (other * width + at)]!;
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
    insert(row, pairs, width, at) {
      if (length === numbers.length) {
        const longer = new Int32Array(2 * length);
        longer.set(numbers);
        numbers = longer;
      }
      const position = search(row, pairs, width, at);
      numbers.copyWithin(position + 1, position, length);
      numbers[position] = row;
      length++;
      return position;
    },
    remove(row, pairs, width, at) {
      const position = search(row, pairs, width, at);
      numbers.copyWithin(position, position + 1, length);
      length--;
      return position;
    },
  };
}
