import { expect, test } from "vitest";
import type { Observations } from "./observations.ts";
import { gainOf, stagnation, steepness } from "./progress.ts";
import { warpLosses } from "./warp.ts";

const observed = (losses: readonly number[], counts = losses.map(() => true)): Observations => ({
  numbers: losses.map((_, i) => i),
  losses: Float64Array.from(losses),
  violations: new Float64Array(losses.length),
  counts,
  judged: [],
  faults: new Float64Array(0),
});

test("stagnation counts the trials since the best one, whatever it is better by", () => {
  expect(stagnation(observed([]))).toBe(0);
  expect(stagnation(observed([3, 2, 2.5, 1.999, 4, 5]))).toBe(2);
});

test("with a least gain, small ones count once they add up to it", () => {
  expect(stagnation(observed([3, 2, 1.99, 1.98, 1.97]), 0.1)).toBe(3);
  expect(stagnation(observed([3, 2, 1.95, 1.92, 1.89]), 0.1)).toBe(0);
});

test("trials that do not count are no progress", () => {
  expect(stagnation(observed([3, 1, 2], [true, false, true]))).toBe(0);
  expect(stagnation(observed([2, 1, 3], [true, false, true]))).toBe(2);
});

test("gain is measured from the best of the first ten results that count", () => {
  const first = [9, 8, 7, 6, 5, 9, 9, 9, 9];
  expect(gainOf(observed([...first, 4]))).toBe(0);
  expect(gainOf(observed([...first, Infinity, 4, 3, 1]))).toBe(3);
  expect(gainOf(observed([0, ...first, 4, 3, 1], [false, ...first.map(() => true), true, true, true]))).toBe(
    3,
  );
  expect(gainOf(observed([]))).toBe(0);
  expect(gainOf(observed([1, 2], [false, false]))).toBe(0);
});

test("steepness turns differences of good losses into differences of targets", () => {
  const data = observed([1, 2, 3, 10, 50, 1000, 4]);
  for (const warp of ["half-rank", "plain"] as const) {
    const targets = warpLosses(data.losses, warp);
    expect(steepness(data, targets) * (3 - 1)).toBeCloseTo(targets[2]! - targets[0]!, 12);
  }
  expect(steepness(observed([2, 2, 2]), new Float64Array(3))).toBe(0);
  expect(steepness(observed([]), new Float64Array(0))).toBe(0);
});
