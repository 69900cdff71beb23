import { expect, test } from "vitest";
import { appendRow, cholesky, padWithIdentity } from "./cholesky.ts";
import { padded } from "./padded.ts";
import { createStream } from "./stream.ts";
import { invertFactored, solveLower, solveLowerRows, solveLowerTransposed } from "./triangular.ts";

const sizes = [1, 2, 3, 4, 5, 8, 13, 50, 101];

/** A well conditioned symmetric positive definite matrix, padded, and its factor. */
function example(n: number) {
  const stream = createStream(1, n);
  const stride = padded(n);
  const root = Array.from({ length: n }, () => Array.from({ length: n }, () => stream.normal()));
  const matrix = new Float64Array(stride * stride);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      matrix[i * stride + j] =
        root[i]!.reduce((sum, value, k) => sum + value * root[j]![k]!, 0) + (i === j ? n : 0);
    }
  }
  const factor = matrix.slice();
  padWithIdentity(factor, n, stride);
  const isPositive = cholesky(factor, n, stride);
  const vector = Float64Array.from({ length: stride }, (_, i) => (i < n ? stream.normal() : 0));
  return { stride, matrix, factor, isPositive, vector };
}

const largest = (values: Iterable<number>): number => Math.max(0, ...Array.from(values, Math.abs));

test("LLᵀ is the matrix, to 1e-13 of its largest entry, whatever the size", () => {
  for (const n of sizes) {
    const { stride, matrix, factor, isPositive } = example(n);
    expect(isPositive).toBe(true);
    const errors: number[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += factor[i * stride + k]! * factor[j * stride + k]!;
        errors.push(sum - matrix[i * stride + j]!);
      }
    }
    expect(largest(errors) / largest(matrix)).toBeLessThan(1e-13);
  }
});

test("the factor of a Hilbert-like matrix is LAPACK's", () => {
  // numpy.linalg.cholesky of 1 / (i + j + 1) + 0.1 δ, 5 × 5; last row
  const wanted = [
    0.19069251784911845, 0.1668893343232977, 0.11812999002163597, 0.08959543950505092, 0.35343088081545204,
  ];
  const stride = padded(5);
  const a = new Float64Array(stride * stride);
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) a[i * stride + j] = 1 / (i + j + 1) + (i === j ? 0.1 : 0);
  }
  padWithIdentity(a, 5, stride);
  cholesky(a, 5, stride);
  wanted.forEach((value, k) => expect(a[4 * stride + k]).toBeCloseTo(value, 13));
});

test("a matrix that is not positive definite is refused", () => {
  const a = new Float64Array(16);
  a.set([1, 0, 0, 0, 2, 1]);
  padWithIdentity(a, 2, 4);
  expect(cholesky(a, 2, 4)).toBe(false);
});

test("an appended row is the one that a whole factorisation gives", () => {
  for (const n of sizes.slice(1)) {
    const { stride, matrix, factor } = example(n);
    const grown = factor.slice();
    grown.set(matrix.subarray((n - 1) * stride, n * stride), (n - 1) * stride);
    expect(appendRow(grown, n - 1, stride)).toBe(true);
    for (let k = 0; k < n; k++)
      expect(grown[(n - 1) * stride + k]).toBeCloseTo(factor[(n - 1) * stride + k]!, 11);
  }
});

test("both triangular solves together solve the system, and many at once solve as one by one", () => {
  for (const n of sizes) {
    const { stride, matrix, factor, vector } = example(n);
    const half = vector.slice();
    solveLower(factor, n, stride, half);
    const solution = half.slice();
    solveLowerTransposed(factor, n, stride, solution);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += matrix[i * stride + k]! * solution[k]!;
      expect(sum).toBeCloseTo(vector[i]!, 11);
    }
    const rows = new Float64Array(8 * stride);
    for (let p = 0; p < 5; p++)
      rows.set(
        vector.map((value) => value * p),
        p * stride,
      );
    solveLowerRows(factor, n, stride, rows, 5);
    for (let p = 0; p < 5; p++) {
      for (let i = 0; i < n; i++) expect(rows[p * stride + i]).toBeCloseTo(p * half[i]!, 11);
    }
  }
});

test("the inverse times the matrix is the identity", () => {
  for (const n of sizes) {
    const { stride, matrix, factor } = example(n);
    const inverse = new Float64Array(stride * stride);
    invertFactored(factor, n, stride, inverse);
    const at = (i: number, j: number): number => inverse[Math.max(i, j) * stride + Math.min(i, j)]!;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += matrix[i * stride + k]! * at(k, j);
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 11);
      }
    }
  }
});
