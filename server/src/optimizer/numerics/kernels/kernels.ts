import { padded } from "../padded.ts";
import { wasmBase64 } from "./module.ts";

/** What linear-algebra.as.ts exports; addresses are bytes into its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  pack(source: number, target: number, rows: number, columns: number, isLower: boolean): void;
  unpack(source: number, target: number, rows: number, columns: number, isLower: boolean): void;
  cholesky(a: number, size: number): number;
  solveLowerRows(l: number, size: number, b: number, rows: number): void;
  invertFactored(l: number, size: number, work: number, inverse: number): void;
}

const bytes = Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
const wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;

/** The first bytes are the kernels' own scratch. */
const START = 1_024;
const PAGE = 65_536;
/** The largest matrix that is handed over: three of them take 96 MB of the module's memory, which never shrinks. */
export const LARGEST = 2_000;

/** Memory for matrices of so many numbers, one after the other; their addresses and the memory as numbers. */
function reserve(...lengths: readonly number[]): { heap: Float64Array; addresses: number[] } {
  const addresses: number[] = [];
  let end = START;
  for (const length of lengths) {
    addresses.push(end);
    end += 8 * length;
  }
  const missing = end - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE));
  return { heap: new Float64Array(wasm.memory.buffer), addresses };
}

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
  const { heap, addresses } = reserve(size * size, size * size);
  const [rows = 0, panels = 0] = addresses;
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
  const { heap, addresses } = reserve(Math.max(size, height) * size, size * size, height * size);
  const [rows = 0, factor = 0, sides = 0] = addresses;
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
  const { heap, addresses } = reserve(size * size, size * size, size * size);
  const [rows = 0, factor = 0, work = 0] = addresses;
  copyRows(l, 0, stride, heap, rows / 8, size, size, size);
  wasm.pack(rows, factor, size, size, true);
  wasm.invertFactored(factor, size, work, rows);
  copyRows(heap, rows / 8, size, inverse, 0, stride, size, size);
}
