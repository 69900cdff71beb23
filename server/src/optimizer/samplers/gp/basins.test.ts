import { expect, test } from "vitest";
import { otherBasins } from "./basins.ts";
import type { Training } from "./likelihood.ts";
import { createPosterior } from "./posterior.ts";
import { byTarget } from "./training.ts";

const logs = Float64Array.of(Math.log(0.15), Math.log(1), Math.log(1e-6));

/** Two valleys, the deeper one at 0.25, another at 0.8. */
const valleys = (x: number): number => Math.min(20 * (x - 0.25) ** 2 - 1, 20 * (x - 0.8) ** 2 - 0.7);

const along = (places: readonly number[], value: (x: number) => number): Training => ({
  count: places.length,
  width: 1,
  numeric: 1,
  rows: Float64Array.from(places),
  targets: Float64Array.from(places, value),
});

const basinsOf = (training: Training, theirs = logs): number[] =>
  otherBasins(createPosterior(training, theirs, 0), training, byTarget(training.targets));

test("the best of each valley but the first is the best of a basin, its neighbours are not", () => {
  const places = [0.02, 0.1, 0.2, 0.24, 0.27, 0.35, 0.45, 0.55, 0.65, 0.75, 0.79, 0.84, 0.9, 0.98];
  expect(basinsOf(along(places, valleys))).toEqual([places.indexOf(0.79)]);
});

test("a single valley has no other basins", () => {
  const places = Array.from({ length: 15 }, (_, i) => i / 14);
  expect(basinsOf(along(places, (x) => 3 * (x - 0.3) ** 2))).toEqual([]);
});

test("choices that differ are apart when there is a rise before the choice changes, and not when the way goes down", () => {
  // Under either choice a slope, under the second one in the other direction: from its bottom the way rises at once.
  const places = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const training = {
    count: 12,
    width: 2,
    numeric: 1,
    rows: Float64Array.from([...places.flatMap((x) => [x, 0]), ...places.flatMap((x) => [x, 1])]),
    targets: Float64Array.from([...places.map((x) => x - 1), ...places.map((x) => 0.2 - x)]),
  };
  const theirs = Float64Array.of(Math.log(0.6), Math.log(1), Math.log(1), Math.log(1e-6));
  expect(basinsOf(training, theirs)).toEqual([11]);
  const parallel = {
    ...training,
    targets: Float64Array.from([...places.map((x) => x - 1), ...places.map((x) => x - 0.8)]),
  };
  expect(basinsOf(parallel, theirs).filter((i) => i > 6)).toEqual([]);
});

test("a single result, or none, has no other basins", () => {
  expect(basinsOf(along([0.5], valleys))).toEqual([]);
});
