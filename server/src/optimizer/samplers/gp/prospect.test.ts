import { expect, test } from "vitest";
import { mayCatchUp } from "./prospect.ts";

const observed = (losses: readonly number[], counts = losses.map(() => true)) => ({
  numbers: losses.map((_, i) => i),
  losses: Float64Array.from(losses),
  counts,
  violations: new Float64Array(losses.length),
  judged: [],
  faults: new Float64Array(0),
});

// From 8 to 6 in three trials: two thirds a trial.
const slow = observed([10, 8, 9, 7, 9, 6]);
const members = [5, 3, 1, 0, 2, 4];

test("trials may reach what the pace of their newer half leads to", () => {
  expect(mayCatchUp(slow, { members, size: 3, goal: 4, left: 3.1 })).toBe(true);
  expect(mayCatchUp(slow, { members, size: 3, goal: 4, left: 2.9 })).toBe(false);
  expect(mayCatchUp(slow, { members: [0, 1, 2, 4], size: 3, goal: 4, left: 16 })).toBe(false);
  expect(mayCatchUp(slow, { members, size: 3, goal: 6, left: 0 })).toBe(true);
});

test("trials that come to be seven a parameter may, however bad they are yet", () => {
  expect(mayCatchUp(slow, { members, size: 3, goal: -100, left: 15 })).toBe(true);
  expect(mayCatchUp(slow, { members, size: 3, goal: -100, left: 14 })).toBe(false);
  expect(mayCatchUp(slow, { members, size: 3, goal: -100, left: Infinity })).toBe(true);
});

test("no more trials than parameters, or none of the older half that counts, say nothing of the pace", () => {
  expect(mayCatchUp(slow, { members, size: 6, goal: -100, left: 1 })).toBe(true);
  const early = observed([10, 8, 9, 7, 9, 6], [false, false, false, true, true, true]);
  expect(mayCatchUp(early, { members, size: 3, goal: -100, left: 1 })).toBe(true);
});
