import { expect, test } from "vitest";
import { createUnwarp } from "./unwarp.ts";
import { warpLosses } from "./warp.ts";

const losses = Float64Array.from([4, 0.5, 30, 2, 1, Infinity, 900, 7, 2]);

test.each(["half-rank", "rank", "plain", "vizier"] as const)(
  "gives back the losses of %s targets",
  (warp) => {
    const targets = warpLosses(losses, warp);
    const lossAt = createUnwarp(losses, targets)!;
    const known = losses.filter((loss) => loss < Infinity);
    const back = targets.filter((_, i) => losses[i]! < Infinity).map(lossAt);
    expect([...back]).toEqual([...known].map((loss) => expect.closeTo(loss, 9) as number));
  },
);

test("goes on beyond the best as the better half goes, stays at the worst, and never turns round", () => {
  const targets = warpLosses(losses, "half-rank");
  const lossAt = createUnwarp(losses, targets)!;
  const [best, middle] = [targets[1]!, targets[0]!];
  expect(lossAt(best - (middle - best))).toBeCloseTo(0.5 - (4 - 0.5), 9);
  expect(lossAt(99)).toBe(900);
  const steps = Array.from({ length: 100 }, (_, i) => lossAt(-4 + 0.08 * i));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test("a single loss or equal ones stand for themselves, and none for nothing", () => {
  expect(createUnwarp(Float64Array.of(3), Float64Array.of(0))!(7)).toBe(3);
  expect(createUnwarp(Float64Array.of(3, 3), Float64Array.of(0, 0))!(-1)).toBe(3);
  expect(createUnwarp(Float64Array.of(Infinity), Float64Array.of(0))).toBeUndefined();
});
