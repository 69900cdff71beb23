import { expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { expectations } from "./expectations.ts";
import { choice, historyOf, real, sampled } from "./testing/history-of.ts";

test("what follows from the parameters is expected, to within the deviation that is stated", () => {
  const noise = createStream(3);
  const history = sampled([real("a"), real("b"), choice("c", "p", "q")], 300, 1, ({ a, b, c }) => [
    3 * Number(a) - (Number(b) - 0.3) ** 2 + (c === "q" ? 1 : 0) + 0.1 * noise.normal(),
  ]);
  const { trials, calibration } = expectations(history);
  expect(trials).toHaveLength(292);
  expect(calibration!.correlation).toBeGreaterThan(0.95);
  expect(Math.abs(calibration!.bias)).toBeLessThan(0.3);
  expect(calibration!.spread).toBeGreaterThan(0.7);
  expect(calibration!.spread).toBeLessThan(1.5);
});

test("no trial is predicted from itself or from later ones", () => {
  const rising = (count: number) =>
    sampled([real("a")], count, 2, ({ a }, number) => [Number(a) + (number >= 60 ? 100 : 0)]);
  const [before, after] = [expectations(rising(60)), expectations(rising(90))];
  expect(after.trials.slice(0, 30)).toEqual(before.trials.slice(0, 30));
  // The jump came without warning.
  expect(after.trials.find(({ number }) => number === 60)!.mean).toBeLessThan(2);
});

test("the direction of the objective is kept", () => {
  const history = sampled([real("a")], 60, 4, ({ a }) => [10 + Number(a)], [{ name: "y", goal: "maximize" }]);
  for (const { mean, observed } of expectations(history).trials.slice(20))
    expect(Math.abs(mean - observed)).toBeLessThan(0.1);
});

test("of very many trials an even sample is answered", () => {
  const history = sampled([real("a")], 1_000, 5, ({ a }) => [Number(a)]);
  const { trials } = expectations(history, { limit: 100 });
  expect(trials).toHaveLength(100);
  expect(Math.abs(trials.filter(({ number }) => number < 508).length - 50)).toBeLessThanOrEqual(1);
});

test("few trials, no parameters and equal values are no error", () => {
  expect(expectations(sampled([real("a")], 8, 6, ({ a }) => [Number(a)])).trials).toEqual([]);
  expect(expectations(historyOf([], new Array(20).fill({ params: {}, values: [1] }))).trials).toEqual([]);
  const same = expectations(sampled([real("a")], 20, 6, () => [2]));
  expect(same.trials.every(({ mean, deviation }) => mean === 2 && deviation === 0)).toBe(true);
  expect(same.calibration).toBeUndefined();
});
