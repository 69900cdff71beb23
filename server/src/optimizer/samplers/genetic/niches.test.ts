import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import { createSpace } from "../../space/space.ts";
import { createThinByNiche, referencePoints } from "./niches.ts";

test("reference points divide the simplex evenly", () => {
  expect(referencePoints(2, 2)).toEqual([
    [0, 1],
    [0.5, 0.5],
    [1, 0],
  ]);
  expect(referencePoints(3, 12)).toHaveLength(91); // (12 + 2 choose 2), as in the paper
  for (const point of referencePoints(4, 5)) expect(point.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
});

test("there are fewer divisions where there would be thousands of reference points", () => {
  const points = referencePoints(8, 100);
  expect(points.length).toBeGreaterThan(100);
  expect(points.length).toBeLessThanOrEqual(2_000);
});

test("of a crowded rank the places go to all directions, the nearest to each line", () => {
  const real = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const space = createSpace([{ name: "x", domain: real, condition: undefined, default: undefined }]);
  const objectives = ["a", "b"].map((name) => ({ name, goal: "minimize" }) as const);
  const history = createHistory(space, objectives);
  // A straight front: ten trials near one end, one in the middle, one at the other end.
  const places = [...Array.from({ length: 10 }, (_, i) => 0.001 * i), 0.49, 1];
  places.forEach((x, number) => {
    history.addPending(number, { x });
    const curve = { steps: [], values: [] };
    history.end(number, {
      outcome: "completed",
      values: [x, 1 - x],
      violation: 0,
      curve,
      revision: number + 1,
    });
  });
  const thin = createThinByNiche(2, 2);
  const rank = places.map((_, number) => number);
  const kept = thin(history, [], rank, 3).map(({ number }) => number);
  expect(kept.sort((a, b) => a - b)).toEqual([0, 10, 11]);
  // Where the ends are taken already, the middle comes first.
  expect(thin(history, [0, 11], rank.slice(1, 11), 1).map(({ number }) => number)).toEqual([10]);
});
