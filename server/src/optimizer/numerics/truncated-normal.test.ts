import { expect, test } from "vitest";
import { createStream } from "./stream.ts";
import { drawInUnit, massInUnit } from "./truncated-normal.ts";

test("the mass within [0, 1] is right for narrow, wide and cornered normals", () => {
  expect(massInUnit(0.5, 1e-6)).toBe(1);
  expect(massInUnit(0, 0.01)).toBeCloseTo(0.5, 9);
  expect(massInUnit(0.5, 1)).toBeCloseTo(0.3829249225, 8);
});

test("draws stay within [0, 1] and have the cut normal's mean", () => {
  const stream = createStream(11);
  for (const [mean, deviation, expected] of [
    [0.5, 1, 0.5],
    [0, 0.1, 0.0797885],
    [1, 1, 0.5413],
  ] as const) {
    const draws = Array.from({ length: 20_000 }, () => drawInUnit(mean, deviation, stream));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(1);
    expect(Math.abs(draws.reduce((sum, x) => sum + x, 0) / draws.length - expected)).toBeLessThan(0.01);
  }
});
