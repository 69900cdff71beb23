import { scaleLinear } from "d3-scale";
import { expect, test } from "vitest";
import { interpolateNumber, interpolateRound } from "./interpolate-numbers.ts";

test("numbers are interpolated exactly as d3 does", () => {
  for (const [from, to] of [
    [0, 1],
    [-3.7, 900],
    [1e-9, 1e9],
    [5, 5],
  ] as const) {
    const [plain, round] = [scaleLinear().range([from, to]), scaleLinear().rangeRound([from, to])];
    for (const share of [0, 0.1, 0.5, 0.731, 1, -0.4, 1.9]) {
      expect(interpolateNumber(from, to)(share)).toBe(plain(share));
      expect(interpolateRound(from, to)(share)).toBe(round(share));
    }
  }
});
