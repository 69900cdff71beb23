import { expect, test } from "vitest";
import { type Warp, warpLosses } from "./warp.ts";

const warps: readonly Warp[] = ["half-rank", "rank", "plain", "vizier"];
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("targets keep the order of the losses and have mean 0 and deviation or range 1", () => {
  const losses = Float64Array.of(3, -1, 4, 1, 5, 9, 2, 6, 1000);
  for (const warp of warps) {
    const targets = warpLosses(losses, warp);
    expect(mean(targets)).toBeCloseTo(0, 12);
    if (warp === "vizier") expect(Math.max(...targets) - Math.min(...targets)).toBeCloseTo(1, 12);
    else expect(mean(targets.map((target) => target ** 2))).toBeCloseTo(1, 12);
    for (let i = 0; i < losses.length; i++) {
      for (let j = 0; j < losses.length; j++)
        if (losses[i]! < losses[j]!) expect(targets[i]!).toBeLessThan(targets[j]!);
    }
  }
});

test("half-rank keeps the better half to scale and does not care how bad the worse half is", () => {
  const mild = warpLosses(Float64Array.of(0, 1, 3, 10, 20, 30), "half-rank");
  const wild = warpLosses(Float64Array.of(0, 1, 3, 1e9, 1e12, 1e15), "half-rank");
  expect(wild).toEqual(mild);
  expect((mild[2]! - mild[1]!) / (mild[1]! - mild[0]!)).toBeCloseTo(2, 12);
});

test("trials without a loss come out worse than all others, and alike", () => {
  for (const warp of warps) {
    const targets = warpLosses(Float64Array.of(5, Infinity, 1, 2, Infinity), warp);
    expect(targets[1]).toBe(targets[4]);
    expect(targets[1]!).toBeGreaterThan(targets[0]!);
  }
});

test("losses that are all the same, all missing or beyond all bounds give finite targets", () => {
  for (const warp of warps) {
    for (const losses of [
      [2, 2, 2],
      [Infinity, Infinity],
      [7],
      [1e308, -1e308, 0, 5, 1e308],
      [1, 1, 1, 1, 50, 60],
    ]) {
      expect(warpLosses(Float64Array.from(losses), warp).every(Number.isFinite)).toBe(true);
    }
  }
});
