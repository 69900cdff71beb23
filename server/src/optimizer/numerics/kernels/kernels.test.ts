import { expect, test } from "vitest";
import { choleskyPlain, padWithIdentity } from "../cholesky.ts";
import { padded } from "../padded.ts";
import { createStream } from "../stream.ts";
import { invertFactoredPlain, solveLowerRowsPlain } from "../triangular.ts";
import * as kernels from "./kernels.ts";

/** Sizes around the edges of tiles, and one whose panels fill more than a cache. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 63, 101, 260];

/** A kernel matrix of random points with some noise, in rows of `stride` numbers. */
function kernelMatrix(n: number, stride: number): Float64Array {
  const stream = createStream(n, "kernel");
  const points = Array.from({ length: n }, () => [stream.uniform(), stream.uniform(), stream.uniform()]);
  const a = new Float64Array(stride * stride);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const square = points[i]!.reduce((sum, value, k) => sum + (value - points[j]![k]!) ** 2, 0);
      a[i * stride + j] = Math.exp(-3 * square) + (i === j ? 1e-3 : 0);
    }
  }
  padWithIdentity(a, n, stride);
  return a;
}

/** The lower triangle of the first n rows: the rest is nobody's business. */
const lower = (a: Float64Array, n: number, stride: number): number[] =>
  Array.from({ length: n }, (_, row) => [...a.subarray(row * stride, row * stride + row + 1)]).flat();

for (const n of sizes) {
  for (const stride of [padded(n), padded(n) + 12]) {
    test(`${n} rows of ${stride} numbers: the kernels do what their twins do, to the last bit`, () => {
      const matrix = kernelMatrix(n, stride);
      const [factor, twin] = [matrix.slice(), matrix.slice()];
      expect(kernels.cholesky(factor, n, stride)).toBe(choleskyPlain(twin, n, stride));
      expect(lower(factor, n, stride)).toEqual(lower(twin, n, stride));

      const [inverse, inverseTwin] = [new Float64Array(matrix.length), new Float64Array(matrix.length)];
      kernels.invertFactored(twin, n, stride, inverse);
      invertFactoredPlain(twin, n, stride, inverseTwin);
      expect(lower(inverse, n, stride)).toEqual(lower(inverseTwin, n, stride));

      const count = 6;
      const stream = createStream(n, "sides");
      const sides = new Float64Array(padded(count) * stride);
      for (let p = 0; p < count; p++) for (let i = 0; i < n; i++) sides[p * stride + i] = stream.normal();
      const sidesTwin = sides.slice();
      kernels.solveLowerRows(twin, n, stride, sides, count);
      solveLowerRowsPlain(twin, n, stride, sidesTwin, count);
      expect(sides.subarray(0, count * stride)).toEqual(sidesTwin.subarray(0, count * stride));
    });
  }
}

test("a matrix that is not positive definite is refused", () => {
  const matrix = kernelMatrix(40, 40);
  matrix[25 * 40 + 25] = -1;
  expect(kernels.cholesky(matrix, 40, 40)).toBe(false);
  matrix[25 * 40 + 25] = Number.NaN;
  expect(kernels.cholesky(matrix, 40, 40)).toBe(false);
});

test("more right-hand sides than rows fit", () => {
  const [n, count] = [8, 50];
  const factor = kernelMatrix(n, n);
  choleskyPlain(factor, n, n);
  const sides = Float64Array.from({ length: padded(count) * n }, (_, i) => Math.sin(i));
  const twin = sides.slice();
  kernels.solveLowerRows(factor, n, n, sides, count);
  solveLowerRowsPlain(factor, n, n, twin, count);
  expect(sides).toEqual(twin);
});
