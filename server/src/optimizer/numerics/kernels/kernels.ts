import { padded } from "../padded.ts";
import { memoryFor, START, wasm } from "./instance.ts";

/** The largest matrix that is handed over: three of them take 96 MB of the module's memory, which never shrinks. */
export const LARGEST = 2_000;

/** Copies rows of `columns` numbers between arrays of different strides. */
function copyRows(
  from: Float64Array,
  fromStart: number,
  fromStride: number,
  to: Float64Array,
  toStart: number,
  toStride: number,
  rows: number,
  columns: number,
): void {
  if (fromStride === columns && toStride === columns) {
    to.set(from.subarray(fromStart, fromStart + rows * columns), toStart);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const start = fromStart + row * fromStride;
    to.set(from.subarray(start, start + columns), toStart + row * toStride);
  }
}

/** As `cholesky` of cholesky.ts. */
export function cholesky(a: Float64Array, n: number, stride: number): boolean {
  const size = padded(n);
  const heap = memoryFor(2 * size * size).numbers;
  const [rows, panels] = [START, START + 8 * size * size];
  copyRows(a, 0, stride, heap, rows / 8, size, size, size);
  wasm.pack(rows, panels, size, size, true);
  if (wasm.cholesky(panels, size) === 0) return false;
  wasm.unpack(panels, rows, size, size, true);
  copyRows(heap, rows / 8, size, a, 0, stride, size, size);
  return true;
}

/** As `solveLowerRows` of triangular.ts. */
export function solveLowerRows(
  l: Float64Array,
  n: number,
  stride: number,
  b: Float64Array,
  count: number,
): void {
  const [size, height] = [padded(n), padded(count)];
  const tallest = Math.max(size, height);
  const heap = memoryFor((tallest + size + height) * size).numbers;
  const [rows, factor] = [START, START + 8 * tallest * size];
  const sides = factor + 8 * size * size;
  copyRows(l, 0, stride, heap, rows / 8, size, size, size);
  wasm.pack(rows, factor, size, size, true);
  copyRows(b, 0, stride, heap, rows / 8, size, height, size);
  wasm.pack(rows, sides, height, size, false);
  wasm.solveLowerRows(factor, size, sides, height);
  wasm.unpack(sides, rows, height, size, false);
  copyRows(heap, rows / 8, size, b, 0, stride, height, size);
}

/** As `invertFactored` of triangular.ts. */
export function invertFactored(l: Float64Array, n: number, stride: number, inverse: Float64Array): void {
  const size = padded(n);
  const heap = memoryFor(3 * size * size).numbers;
  const [rows, factor] = [START, START + 8 * size * size];
  const work = factor + 8 * size * size;
  copyRows(l, 0, stride, heap, rows / 8, size, size, size);
  wasm.pack(rows, factor, size, size, true);
  wasm.invertFactored(factor, size, work, rows);
  copyRows(heap, rows / 8, size, inverse, 0, stride, size, size);
}
