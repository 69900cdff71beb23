import { expect, test } from "vitest";
import { createScrambledSobol, createSobol } from "./sobol.ts";

test("unscrambled points are SciPy's", () => {
  // scipy.stats.qmc.Sobol(256, scramble=False): point 5 and some coordinates of point 777
  const pointAt = createSobol(256);
  expect([...pointAt(0)].every((unit) => unit === 0)).toBe(true);
  expect([...pointAt(5).subarray(0, 6)]).toEqual([0.875, 0.875, 0.125, 0.375, 0.875, 0.625]);
  const some = [0, 1, 2, 17, 100, 200, 255].map((dimension) => pointAt(777)[dimension]);
  expect(some).toEqual([
    0.6923828125, 0.9365234375, 0.1630859375, 0.8642578125, 0.8427734375, 0.9912109375, 0.6357421875,
  ]);
});

test("scrambled points keep the strata of the net in every coordinate and in pairs", () => {
  const pointAt = createScrambledSobol(40, 7);
  const points = Array.from({ length: 64 }, (_, index) => pointAt(64 + index));
  for (let dimension = 0; dimension < 40; dimension++) {
    expect(new Set(points.map((point) => Math.floor(point[dimension]! * 64))).size).toBe(64);
  }
  const squares = points.map((point) => `${Math.floor(point[0]! * 8)} ${Math.floor(point[1]! * 8)}`);
  expect(new Set(squares).size).toBe(64);
});

test("another seed gives other points, the same seed the same ones", () => {
  expect(createScrambledSobol(3, 1)(9)).toEqual(createScrambledSobol(3, 1)(9));
  expect(createScrambledSobol(3, 1)(9)).not.toEqual(createScrambledSobol(3, 2)(9));
});

test("over many seeds each of the first bits of a coordinate is a fair coin", () => {
  const seeds = 400;
  for (const index of [0, 3, 10]) {
    const units = Array.from({ length: seeds }, (_, seed) => createScrambledSobol(2, seed)(index)[1]!);
    for (let bit = 1; bit <= 6; bit++) {
      const ones = units.filter((unit) => Math.floor(unit * 2 ** bit) % 2 === 1).length;
      expect(Math.abs(ones - seeds / 2)).toBeLessThan(4 * Math.sqrt(seeds / 4));
    }
  }
});

test("more dimensions than the table has are refused", () => {
  expect(() => createSobol(257)).toThrow("256");
});
