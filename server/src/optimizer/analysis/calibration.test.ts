import { expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { calibrate, spearman } from "./calibration.ts";

function predictions(bias: number, spread: number) {
  const stream = createStream(9);
  return Array.from({ length: 4_000 }, () => {
    const mean = 10 * stream.uniform();
    const deviation = 0.5 + stream.uniform();
    return { mean, deviation, observed: mean + deviation * (bias + spread * stream.normal()) };
  });
}

test("honest predictions keep what they promise", () => {
  const { promised, kept, bias, spread, correlation } = calibrate(predictions(0, 1))!;
  promised.forEach((share, at) => expect(Math.abs(kept[at]! - share)).toBeLessThan(0.03));
  expect(Math.abs(bias)).toBeLessThan(0.06);
  expect(spread).toBeCloseTo(1, 1);
  expect(correlation).toBeGreaterThan(0.9);
});

test("boastful and biased ones do not", () => {
  const { kept, bias, spread } = calibrate(predictions(1, 2))!;
  expect(kept.at(-1)).toBeLessThan(0.75);
  expect(bias).toBeCloseTo(1, 1);
  expect(spread).toBeCloseTo(Math.sqrt(5), 1);
});

test("predictions that are no numbers are left out, and none has no calibration", () => {
  expect(calibrate([{ mean: NaN, deviation: 1, observed: 1 }])).toBeUndefined();
  expect(calibrate([{ mean: 0, deviation: 0, observed: 1 }])).toBeUndefined();
  expect(calibrate([{ mean: 0, deviation: 2, observed: 4 }])).toMatchObject({ count: 1, bias: 2, spread: 2 });
});

test("Spearman's correlation has its textbook value, ties sharing ranks", () => {
  // 1 − 6 Σd² / n(n² − 1) with Σd² = 4, n = 5
  expect(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(0.8, 12);
  expect(spearman([1, 1, 2], [5, 5, 9])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3], [7, 7, 7])).toBeNaN();
});
