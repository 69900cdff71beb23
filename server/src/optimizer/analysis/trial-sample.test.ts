import { expect, test } from "vitest";
import { distribution } from "./edf.ts";
import { choice, historyOf, real, sampled } from "./testing/history-of.ts";
import { sampleTrials } from "./trial-sample.ts";

test("a small study is shown whole, best first, with inactive parameters left out", () => {
  const child = { ...real("child"), condition: { parent: "c", values: ["on"] } };
  const history = historyOf(
    [choice("c", "on", "off"), child],
    [
      { params: { c: "on", child: 0.25 }, values: [3] },
      { params: { c: "off" }, values: [1] },
      { params: { c: "off" }, values: [NaN] },
      { params: { c: "off" }, values: [2], outcome: "pruned" as const },
      { params: { c: "off" }, values: [3] },
    ],
  );
  const { trials, total } = sampleTrials(history);
  expect(total).toBe(3);
  expect(trials.map(({ number, rank }) => [number, rank])).toEqual([
    [1, 0],
    [0, 0.75],
    [4, 0.75],
  ]);
  expect(trials[1]!.values).toEqual(["on", 0.25]);
  expect(trials[0]!.values).toEqual(["off", undefined]);
});

test("10,000 trials are shown by the best and by others of every rank", () => {
  const history = sampled([real("x")], 10_000, 1, ({ x }) => [-Number(x)], [{ name: "y", goal: "maximize" }]);
  const { trials, total } = sampleTrials(history, { limit: 200 });
  expect([trials.length, total]).toEqual([200, 10_000]);
  expect(new Set(trials.map(({ number }) => number)).size).toBe(200);
  expect(trials[0]!.objectives[0]).toBe(
    Math.max(...Array.from({ length: 10_000 }, (_, n) => history.values(n)[0]!)),
  );
  expect(trials.slice(0, 20).every(({ rank }) => rank < 0.003)).toBe(true);
  expect(trials.at(-1)!.rank).toBeGreaterThan(0.99);
});

test("the distribution tells which share is at least as good as a value", () => {
  const history = historyOf(
    [real("x")],
    [4, 1, 3, 2].map((value) => ({ params: { x: 0 }, values: [value] })),
    [{ name: "y", goal: "maximize" }],
  );
  const { values, shares } = distribution(history);
  expect([...values]).toEqual([4, 3, 2, 1]);
  expect([...shares]).toEqual([0.25, 0.5, 0.75, 1]);
  const large = distribution(
    sampled([real("x")], 5_000, 2, ({ x }) => [Number(x)]),
    0,
    101,
  );
  large.values.forEach((value, at) => expect(Math.abs(value - large.shares[at]!)).toBeLessThan(0.03));
});
