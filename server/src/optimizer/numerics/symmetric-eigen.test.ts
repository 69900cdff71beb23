import { expect, test } from "vitest";
import { createStream } from "./stream.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

const symmetric = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return entry(Math.max(i, j), Math.min(i, j));
  });

test("eigenvalues of a small matrix are LAPACK's", () => {
  const { values } = symmetricEigen(
    symmetric(5, (i, j) => 1 / (i + j + 1)),
    5,
  );
  // numpy.linalg.eigvalsh of the 5 × 5 Hilbert matrix
  const wanted = [
    3.2879287721667084e-6, 0.0003058980401511414, 0.011407491623419655, 0.20853421861101332,
    1.5670506910982307,
  ];
  wanted.forEach((value, k) => expect(Math.abs(values[k]! - value)).toBeLessThan(1e-15));
});

test("the vectors are orthonormal and rebuild the matrix", () => {
  for (const n of [1, 2, 3, 10, 40]) {
    const stream = createStream(3, n);
    const noise = Float64Array.from({ length: n * n }, () => stream.normal());
    const matrix = symmetric(n, (i, j) => noise[i * n + j]!);
    const { values, vectors } = symmetricEigen(matrix, n);
    expect([...values]).toEqual([...values].sort((a, b) => a - b));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let rebuilt = 0;
        let product = 0;
        for (let k = 0; k < n; k++) {
          rebuilt += vectors[i * n + k]! * values[k]! * vectors[j * n + k]!;
          product += vectors[k * n + i]! * vectors[k * n + j]!;
        }
        expect(rebuilt).toBeCloseTo(matrix[i * n + j]!, 12);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  }
});

test("repeated eigenvalues, zeros and wide ranges are no trouble", () => {
  for (const diagonal of [
    [0, 0, 0],
    [1, 1, 1, 1],
    [1e-12, 1, 1e12],
  ]) {
    const n = diagonal.length;
    const { values } = symmetricEigen(
      symmetric(n, (i, j) => (i === j ? diagonal[i]! : 0)),
      n,
    );
    expect([...values]).toEqual(diagonal);
  }
});

test("numbers that are not finite are refused", () => {
  expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(RangeError);
});
