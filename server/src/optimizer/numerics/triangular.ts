import { isForKernels } from "./cholesky.ts";
import { dotTile } from "./dot-tile.ts";
import * as kernels from "./kernels/kernels.ts";
import { padded } from "./padded.ts";

/** x ← L⁻¹ x for a lower triangular row-major L. */
export function solveLower(l: Float64Array, n: number, stride: number, x: Float64Array): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    // Four rows at once: one row's sum alone would wait for each addition.
    const r0 = i * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    let x0 = x[i]!;
    let x1 = x[i + 1]!;
    let x2 = x[i + 2]!;
    let x3 = x[i + 3]!;
    for (let k = 0; k < i; k++) {
      const known = x[k]!;
      x0 -= l[r0 + k]! * known;
      x1 -= l[r1 + k]! * known;
      x2 -= l[r2 + k]! * known;
      x3 -= l[r3 + k]! * known;
    }
    x0 /= l[r0 + i]!;
    x1 = (x1 - l[r1 + i]! * x0) / l[r1 + i + 1]!;
    x2 = (x2 - l[r2 + i]! * x0 - l[r2 + i + 1]! * x1) / l[r2 + i + 2]!;
    x3 = (x3 - l[r3 + i]! * x0 - l[r3 + i + 1]! * x1 - l[r3 + i + 2]! * x2) / l[r3 + i + 3]!;
    x[i] = x0;
    x[i + 1] = x1;
    x[i + 2] = x2;
    x[i + 3] = x3;
  }
  for (; i < n; i++) {
    const row = i * stride;
    let value = x[i]!;
    for (let k = 0; k < i; k++) value -= l[row + k]! * x[k]!;
    x[i] = value / l[row + i]!;
  }
}

/** x ← L⁻ᵀ x for a lower triangular row-major L: subtracts rows, so that memory is read in order. */
export function solveLowerTransposed(l: Float64Array, n: number, stride: number, x: Float64Array): void {
  let i = n - 1;
  for (; i >= 3; i -= 4) {
    const r3 = i * stride;
    const r2 = r3 - stride;
    const r1 = r2 - stride;
    const r0 = r1 - stride;
    const x3 = x[i]! / l[r3 + i]!;
    const x2 = (x[i - 1]! - l[r3 + i - 1]! * x3) / l[r2 + i - 1]!;
    const x1 = (x[i - 2]! - l[r3 + i - 2]! * x3 - l[r2 + i - 2]! * x2) / l[r1 + i - 2]!;
    const x0 = (x[i - 3]! - l[r3 + i - 3]! * x3 - l[r2 + i - 3]! * x2 - l[r1 + i - 3]! * x1) / l[r0 + i - 3]!;
    x[i] = x3;
    x[i - 1] = x2;
    x[i - 2] = x1;
    x[i - 3] = x0;
    for (let k = 0; k < i - 3; k++) {
      x[k] = x[k]! - l[r3 + k]! * x3 - l[r2 + k]! * x2 - l[r1 + k]! * x1 - l[r0 + k]! * x0;
    }
  }
  for (; i >= 0; i--) {
    const row = i * stride;
    const value = x[i]! / l[row + i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = x[k]! - l[row + k]! * value;
  }
}

const sums = new Float64Array(16);

/**
 * Solves L v = b for many right-hand sides at once, each a row of `b` with the stride of `l`, in place. Both padded to
 * multiples of four: `l` as cholesky wants it, `b` in rows (any content) and in columns (zeros).
 */
export function solveLowerRows(
  l: Float64Array,
  n: number,
  stride: number,
  b: Float64Array,
  rows: number,
): void {
  if (isForKernels(n)) kernels.solveLowerRows(l, n, stride, b, rows);
  else solveLowerRowsPlain(l, n, stride, b, rows);
}

/** The same, to the last bit, without WebAssembly. */
export function solveLowerRowsPlain(
  l: Float64Array,
  n: number,
  stride: number,
  b: Float64Array,
  rows: number,
): void {
  const size = padded(n);
  for (let p = 0; p < padded(rows); p += 4) {
    for (let i = 0; i < size; i += 4) {
      dotTile(b, p * stride, stride, l, i * stride, stride, 0, i, sums);
      for (let r = 0; r < 4; r++) {
        const start = (p + r) * stride + i;
        for (let c = 0; c < 4; c++) {
          const row = (i + c) * stride + i;
          let value = b[start + c]! - sums[4 * r + c]!;
          for (let k = 0; k < c; k++) value -= l[row + k]! * b[start + k]!;
          b[start + c] = value / l[row + c]!;
        }
      }
    }
  }
}

/**
 * The inverse of A = LLᵀ from its padded factor into `inverse`: the lower triangle and the diagonal's whole tiles; what lies above them
 * is undefined.
 */
export function invertFactored(l: Float64Array, n: number, stride: number, inverse: Float64Array): void {
  if (isForKernels(n)) kernels.invertFactored(l, n, stride, inverse);
  else invertFactoredPlain(l, n, stride, inverse);
}

/** The same, to the last bit, without WebAssembly. Both halves of the work are dot products along rows. */
export function invertFactoredPlain(l: Float64Array, n: number, stride: number, inverse: Float64Array): void {
  const size = padded(n);
  /** L⁻¹ transposed. */
  const work = new Float64Array(size * stride);
  for (let j = 0; j < size; j += 4) {
    for (let i = j; i < size; i += 4) {
      dotTile(work, j * stride, stride, l, i * stride, stride, j, i, sums);
      for (let r = 0; r < 4; r++) {
        const start = (j + r) * stride + i;
        for (let c = 0; c < 4; c++) {
          const row = (i + c) * stride + i;
          let value = (i + c === j + r ? 1 : 0) - sums[4 * r + c]!;
          for (let k = 0; k < c; k++) value -= l[row + k]! * work[start + k]!;
          work[start + c] = i + c < j + r ? 0 : value / l[row + c]!;
        }
      }
    }
  }
  for (let i = 0; i < size; i += 4) {
    for (let j = 0; j <= i; j += 4) {
      dotTile(work, i * stride, stride, work, j * stride, stride, i, size, sums);
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) inverse[(i + r) * stride + j + c] = sums[4 * r + c]!;
      }
    }
  }
}
