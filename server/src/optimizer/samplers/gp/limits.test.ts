import { expect, test } from "vitest";
import { createHistory, type Result } from "../../history.ts";
import { createSpace } from "../../space/space.ts";
import { limitsOf, limitTargets, observeLimit } from "./limits.ts";

/** A study whose trials have exceeded their constraints by so much. */
function historyOf(constraints: number, trials: readonly Partial<Result>[]) {
  const history = createHistory(createSpace([]), [{ name: "loss", goal: "minimize" }], constraints);
  trials.forEach((result, number) => {
    history.addPending(number, {});
    const curve = { steps: [], values: [] };
    const rest = { outcome: "completed", values: [1], violation: 0, curve, revision: number + 1 } as const;
    history.end(number, { ...rest, ...result });
  });
  return history;
}

test("of a constraint those have a say that completed, or were infeasible, and told a number", () => {
  const history = historyOf(2, [
    { excesses: [1, -1] },
    { excesses: [NaN, 3] },
    { outcome: "failed", excesses: [2, 2] },
    { outcome: "pruned", excesses: [2, 2] },
    { outcome: "infeasible", excesses: [-Infinity, NaN] },
    {},
  ]);
  expect(observeLimit(history, 6, [0])).toEqual({ numbers: [0, 4], values: Float64Array.of(1, -Infinity) });
  expect(observeLimit(history, 6, [1])).toEqual({ numbers: [0, 1], values: Float64Array.of(-1, 3) });
  expect(observeLimit(history, 1, [1]).numbers).toEqual([0]);
});

test("constraints taken together are exceeded where one of them is, each by its own scale", () => {
  const history = historyOf(2, [
    { excesses: [-1000, -0.2] },
    { excesses: [1000, -0.1] },
    { excesses: [-1000, 0.2] },
    { excesses: [-500, -Infinity] },
  ]);
  expect(Array.from(observeLimit(history, 4, [0, 1]).values)).toEqual([-1, 1, 1, -0.5]);
});

test("few constraints have a model each; of many, those that are exceeded most often, and the others one together", () => {
  expect(limitsOf(historyOf(3, []))).toEqual([[0], [1], [2]]);
  const excesses = [-1, 1, -1, 1, -1, 1];
  expect(limitsOf(historyOf(6, [{ excesses }, { excesses: excesses.with(4, 1).with(1, -1) }]))).toEqual([
    [3],
    [5],
    [1],
    [0, 2, 4],
  ]);
});

test("targets have mean 0 and deviation 1, and are above the threshold where the bound is exceeded", () => {
  const excesses = Float64Array.of(-3, -1, 0, 1e-9, 2, Infinity, -Infinity, 1e30);
  const { targets, threshold } = limitTargets(excesses)!;
  expect(targets.reduce((sum, target) => sum + target, 0)).toBeCloseTo(0, 12);
  expect(targets.reduce((sum, target) => sum + target ** 2, 0)).toBeCloseTo(8, 12);
  expect([...targets].map((target) => target > threshold)).toEqual([...excesses].map((excess) => excess > 0));
});

test("there are no targets when nothing differs", () => {
  expect(limitTargets(Float64Array.of(2, 2))).toBeUndefined();
  expect(limitTargets(Float64Array.of())).toBeUndefined();
  expect(limitTargets(Float64Array.of(-Infinity))).toBeUndefined();
});
