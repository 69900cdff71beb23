import { dotTile } from "./dot-tile.ts";
import * as kernels from "./kernels/kernels.ts";
import { padded } from "./padded.ts";

/** From this size on a matrix is worth its way into WebAssembly and back. */
const WORTHWHILE = 32;

/** Whether a matrix of this size is handed to the kernels. */
export const isForKernels = (n: number): boolean => n >= WORTHWHILE && n <= kernels.LARGEST;

/**
 * Makes rows n … padded(n) − 1 of a square row-major matrix those of the identity: whatever is factored, solved or
 * inverted then leaves the first n rows as they would be without them.
 */
export function padWithIdentity(a: Float64Array, n: number, stride: number): void {
  for (let row = n; row < padded(n); row++) {
    a.fill(0, row * stride, row * stride + row);
    a[row * stride + row] = 1;
  }
}

const sums = new Float64Array(16);

/**
 * Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor L, A = LLᵀ. Row-major with
 * `stride` numbers a row; rows up to padded(n) must be there (see padWithIdentity). Reads and writes the lower triangle only,
 * besides the upper part of the diagonal's 4 × 4 tiles, which it leaves undefined.
 * Returns false, with `a` spoilt, when a pivot is not positive.
 */
export function cholesky(a: Float64Array, n: number, stride: number): boolean {
  return isForKernels(n) ? kernels.cholesky(a, n, stride) : choleskyPlain(a, n, stride);
}

/** The same, to the last bit, without WebAssembly. */
export function choleskyPlain(a: Float64Array, n: number, stride: number): boolean {
  const size = padded(n);
  for (let i = 0; i < size; i += 4) {
    for (let j = 0; j < i; j += 4) {
      dotTile(a, i * stride, stride, a, j * stride, stride, 0, j, sums);
      for (let r = 0; r < 4; r++) {
        const row = (i + r) * stride + j;
        for (let c = 0; c < 4; c++) {
          const pivot = (j + c) * stride + j;
          let value = a[row + c]! - sums[4 * r + c]!;
          for (let k = 0; k < c; k++) value -= a[row + k]! * a[pivot + k]!;
          a[row + c] = value / a[pivot + c]!;
        }
      }
    }
    dotTile(a, i * stride, stride, a, i * stride, stride, 0, i, sums);
    for (let r = 0; r < 4; r++) {
      const row = (i + r) * stride + i;
      for (let c = 0; c <= r; c++) {
        const pivot = (i + c) * stride + i;
        let value = a[row + c]! - sums[4 * r + c]!;
        for (let k = 0; k < c; k++) value -= a[row + k]! * a[pivot + k]!;
        if (c < r) a[row + c] = value / a[pivot + c]!;
        else if (value > 0) a[row + c] = Math.sqrt(value);
        else return false;
      }
    }
  }
  return true;
}

/**
 * Grows a factor by one row in O(n²): `a` holds L in its first n rows and the new row of A, its diagonal last, in row n.
 * Returns false, with that row spoilt, when the new pivot is not positive.
 */
export function appendRow(a: Float64Array, n: number, stride: number): boolean {
  const start = n * stride;
  let rest = a[start + n]!;
  for (let i = 0; i < n; i++) {
    const row = i * stride;
    let value = a[start + i]!;
    for (let k = 0; k < i; k++) value -= a[row + k]! * a[start + k]!;
    value /= a[row + i]!;
    a[start + i] = value;
    rest -= value * value;
  }
  if (!(rest > 0)) return false;
  a[start + n] = Math.sqrt(rest);
  return true;
}
