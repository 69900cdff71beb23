import { expect, test } from "vitest";
import { createStream } from "../../numerics/stream.ts";
import { boundsOf, logPenalty } from "./hyperparameters.ts";
import { createLikelihood, type Training } from "./likelihood.ts";

/** Two numeric features and one code. */
function example(count: number): Training {
  const stream = createStream(4, count);
  const rows = Float64Array.from({ length: count * 3 }, (_, at) =>
    at % 3 < 2 ? stream.uniform() : stream.integer(3),
  );
  const targets = Float64Array.from(
    { length: count },
    (_, i) => Math.sin(5 * rows[3 * i]!) + rows[3 * i + 2]!,
  );
  return { count, width: 3, numeric: 2, rows, targets };
}

/** Largest difference between a gradient and central differences, relative to 1 + |slope|. */
function gradientError(
  value: (logs: Float64Array, gradient: Float64Array) => number,
  logs: Float64Array,
): number {
  const gradient = new Float64Array(logs.length);
  value(logs, gradient);
  const scratch = new Float64Array(logs.length);
  const errors = logs.map((log, k) => {
    const step = 1e-5;
    const numeric =
      (value(logs.with(k, log + step), scratch) - value(logs.with(k, log - step), scratch)) / (2 * step);
    return Math.abs(gradient[k]! - numeric) / (1 + Math.abs(numeric));
  });
  return Math.max(...errors);
}

test("the value is that of the formula with an explicit inverse", () => {
  // Two points at scaled distance q = 4 · 0.25 = 1: K = s [[1 + n/s, c], [c, 1 + n/s]] with c = (1 + √5 + 5/3) e^−√5.
  const training = {
    count: 2,
    width: 1,
    numeric: 1,
    rows: Float64Array.of(0.25, 0.75),
    targets: Float64Array.of(1, -0.5),
  };
  const logs = Float64Array.of(Math.log(0.5), Math.log(1.5), Math.log(0.1));
  const c = 1.5 * (1 + Math.sqrt(5) + 5 / 3) * Math.exp(-Math.sqrt(5));
  const determinant = 1.6 * 1.6 - c * c;
  const form = (a: number, b: number): number => (1.6 * (a * a + b * b) - 2 * c * a * b) / determinant;
  // The most probable mean: 1ᵀK⁻¹y / (1ᵀK⁻¹1 + ¼), with 1ᵀK⁻¹y = ½ / (1.6 + c) for y = (1, −½) and 1ᵀK⁻¹1 = 2 / (1.6 + c).
  const mean = 0.5 / (1.6 + c) / (2 / (1.6 + c) + 0.25);
  const square = form(1 - mean, -0.5 - mean) + 0.25 * mean * mean;
  const value = createLikelihood(training)(logs, new Float64Array(3));
  expect(value).toBeCloseTo(0.5 * square + 0.5 * Math.log(determinant), 12);
});

test("the gradient of the likelihood is its derivative", () => {
  for (const count of [1, 2, 7, 30]) {
    const likelihood = createLikelihood(example(count));
    expect(gradientError(likelihood, Float64Array.of(-0.5, 0.3, 0.8, 0.2, -3))).toBeLessThan(1e-7);
  }
});

test("the gradient of the prior is its derivative", () => {
  for (const prior of ["scaled", "pooled", "unit", "vizier"] as const) {
    for (const [numeric, conditions, ...logs] of [
      [3, 0, -1, 0.5, 0, 0.3, -6],
      [2, 0, 2, -2, 1, -1, -2],
      [1, 2, 2, -2, 1, -1, -2],
    ] as const) {
      const penalty = (at: Float64Array, gradient: Float64Array): number =>
        logPenalty(prior, { width: 3, numeric, conditions, breadth: 2 }, at, gradient);
      expect(gradientError(penalty, Float64Array.from(logs))).toBeLessThan(1e-7);
    }
  }
});

test("pooled lengths are believed to be alike rather than to have one level", () => {
  const shape = { width: 4, numeric: 4, conditions: 0, breadth: 4 };
  const penalty = (...lengths: readonly number[]): number =>
    logPenalty("pooled", shape, Float64Array.of(...lengths, 0, -4), new Float64Array(6));
  const level = Math.log(0.8 * 2);
  const alike = penalty(level, level, level, level);
  const shifted = penalty(level + 1, level + 1, level + 1, level + 1);
  const unlike = penalty(level + 1, level - 1, level + 1, level - 1);
  // Deviations are 0.8 of each length and 1 of their mean, whose own variance is then 1 + 0.64 / 4.
  expect(shifted - alike).toBeCloseTo(0.5 / (1 + 0.64 / 4), 12);
  expect(unlike - alike).toBeCloseTo((4 * 0.5) / 0.64, 12);
});

test("a matrix that cannot be factored has no likelihood", () => {
  const training = { ...example(3), rows: new Float64Array(9).fill(NaN) };
  expect(createLikelihood(training)(boundsOf("unit", 3).lower, new Float64Array(5))).toBe(Infinity);
});
