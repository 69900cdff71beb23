import { expect, test } from "vitest";
import {
  excessSlope,
  logExcess,
  logNormalCdf,
  normalCdf,
  normalDensity,
  normalHazard,
  normalQuantile,
} from "./normal-distribution.ts";

const relative = (value: number, wanted: number): number =>
  value === wanted ? 0 : Math.abs(value - wanted) / Math.abs(wanted);

test("Φ and its logarithm agree with SciPy's ndtr and log_ndtr to 1e-14", () => {
  const values = [
    [-10, 7.61985302416047e-24, -53.23128515051248],
    [-1.5, 0.06680720126885807, -2.7059444008238898],
    [-1, 0.15865525393145707, -1.8410216450092634],
    [0, 0.5, -0.6931471805599453],
    [0.7, 0.758036347776927, -0.2770239422771313],
    [3, 0.9986501019683699, -0.0013508099647481925],
    [6, 0.9999999990134123, -9.86587645524372e-10],
  ] as const;
  for (const [z, cdf, log] of values) {
    expect(relative(normalCdf(z), cdf)).toBeLessThan(1e-14);
    expect(relative(logNormalCdf(z), log)).toBeLessThan(1e-14);
  }
  expect(relative(logNormalCdf(-300), -45006.62273211866)).toBeLessThan(1e-14);
  expect(relative(logNormalCdf(-1e5), -5000000012.431865)).toBeLessThan(1e-14);
});

test("φ/Φ is their quotient, and tends to −z where both underflow", () => {
  for (const z of [-8, -1.0001, -0.9999, 0, 4])
    expect(relative(normalHazard(z), normalDensity(z) / normalCdf(z))).toBeLessThan(1e-13);
  // 1 − 1/z² + 3/z⁴ of the asymptotic series of −z Φ(z) / φ(z).
  expect(relative(normalHazard(-1e4), 1e4 / (1 - 1e-8 + 3e-16))).toBeLessThan(1e-14);
  expect(normalHazard(50)).toBe(0);
});

test("Φ⁻¹ agrees with SciPy's ndtri to 1e-14 and undoes Φ", () => {
  const values = [
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [0.02, -2.053748910631823],
    [0.075, -1.4395314709384563],
    [0.3, -0.5244005127080409],
    [0.93, 1.475791028179171],
    [0.999, 3.090232306167813],
  ] as const;
  for (const [p, wanted] of values) expect(relative(normalQuantile(p), wanted)).toBeLessThan(1e-14);
  expect(normalQuantile(0.5)).toBe(0);
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(-1)]).toEqual([-Infinity, Infinity, NaN]);
});

test("ln h agrees with mpmath to 1e-14 from the bulk to where h itself underflows", () => {
  const values = [
    [-1e8, -5000000000000038],
    [-3000, -4500016.931674002],
    [-60, -1809.1084601822722],
    [-40.5, -828.4483675837257],
    [-39.5, -788.3984583506532],
    [-25, -319.86146358149597],
    [-2, -4.768783523917114],
    [-1.0001, -2.485311456445883],
    [-0.9999, -2.484930602199176],
    [0, -0.9189385332046728],
    [1, 0.08002621884930694],
    [30, 3.4011973816621555],
  ] as const;
  for (const [z, wanted] of values) expect(relative(logExcess(z), wanted)).toBeLessThan(1e-14);
});

test("the slope of ln h is its derivative", () => {
  for (const z of [-30, -3, -1, 0, 2]) {
    const numeric = (logExcess(z + 1e-5) - logExcess(z - 1e-5)) / 2e-5;
    expect(relative(excessSlope(z, logExcess(z)), numeric)).toBeLessThan(1e-6);
  }
});

test("the density is the slope of Φ", () => {
  expect(normalDensity(0.3)).toBeCloseTo((normalCdf(0.3 + 1e-5) - normalCdf(0.3 - 1e-5)) / 2e-5, 9);
});
