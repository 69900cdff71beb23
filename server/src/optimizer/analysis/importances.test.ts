import { describe, expect, test } from "vitest";
import { createSampler } from "../samplers/index.ts";
import { createHistory, type History } from "../history.ts";
import { createSpace } from "../space/space.ts";
import { suggest } from "../suggest.ts";
import { type ImportanceMethod, importances } from "./importances.ts";
import { choice, historyOf, minimize, real, sampled } from "./testing/history-of.ts";

const names = Array.from({ length: 10 }, (_, index) => `x${index}`);
const additive = names.map((name) => real(name));
/** Weight of each parameter under a seed: a permutation of 1 to 10. */
const weights = (seed: number): number[] => names.map((_, index) => 1 + ((index * 7 + seed) % 10));

function orderOf(history: History, method?: ImportanceMethod): string[] {
  const { parameters } = importances(history, method === undefined ? {} : { method })!;
  return [...parameters].sort((a, b) => b.share - a.share).map(({ name }) => name);
}
const expectedOrder = (seed: number): string[] =>
  [...names].sort((a, b) => weights(seed)[names.indexOf(b)]! - weights(seed)[names.indexOf(a)]!);

/** Trials that a sampler has chosen, which crowd where the objective is good. */
function searched(seed: number, valueOf: (x: readonly number[]) => number): History {
  const space = createSpace(additive);
  const history = createHistory(space, minimize);
  const sampler = createSampler({ kind: "tpe" }, space, minimize);
  for (let number = 0; number < 100; number++) {
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") throw new Error("a continuous space has no end");
    history.addPending(number, suggested.params);
    const values = [valueOf(names.map((name) => Number(suggested.params[name])))];
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values, violation: 0, curve, revision: number + 1 });
  }
  return history;
}

test("values whose squares no number holds leave shares that are numbers", () => {
  const history = sampled(additive.slice(0, 2), 60, 1, ({ x0 }, number) => [
    number % 5 === 0 ? 1e300 * (Number(x0) - 0.5) : Number(x0),
  ]);
  for (const method of ["fanova", "ped-anova"] as const) {
    const { parameters, explained = 0 } = importances(history, { method })!;
    const numbers = [explained, ...parameters.flatMap(({ share, low, high }) => [share, low, high])];
    expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
  }
});

describe("the order of ten additive parameters", () => {
  const shapes: Record<string, (x: number) => number> = {
    linear: (x) => x,
    curved: (x) => Math.exp(2 * x),
    waved: (x) => Math.sin(5 * x),
  };
  test.for(Object.keys(shapes))("%s: is known from 100 random trials in 19 of 20 seeds", (shape) => {
    const right = Array.from({ length: 20 }, (_, seed) => {
      const history = sampled(additive, 100, seed, (params) => [
        names.reduce((sum, name, at) => sum + weights(seed)[at]! * shapes[shape]!(Number(params[name])), 0),
      ]);
      return orderOf(history).join() === expectedOrder(seed).join();
    });
    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(19);
  });

  test("is known from 100 trials of a sampler that crowds at the optimum, too", () => {
    const right = Array.from({ length: 4 }, (_, seed) => {
      const history = searched(seed, (x) =>
        x.reduce((sum, value, at) => sum + weights(seed)[at]! * value, 0),
      );
      return orderOf(history).join() === expectedOrder(seed).join();
    });
    expect(right).toEqual([true, true, true, true]);
  });
});

test("shares are those of the functional analysis of variance", () => {
  // Variances of 3a and b are 9/12 and 1/12; that of 2(a − ½)(b − ½) is 4/144, half of it each.
  const history = sampled([real("a"), real("b")], 300, 5, ({ a, b }) => [
    3 * Number(a) + Number(b) + 2 * (Number(a) - 0.5) * (Number(b) - 0.5),
  ]);
  const { parameters, explained } = importances(history)!;
  const total = 9 / 12 + 1 / 12 + 4 / 144;
  expect(explained).toBeGreaterThan(0.999);
  expect(parameters[0]!.share).toBeCloseTo((9 / 12 + 2 / 144) / total, 2);
  expect(parameters[1]!.share).toBeCloseTo((1 / 12 + 2 / 144) / total, 2);
});

test.for(["fanova", "ped-anova"] as const)("%s: what does not matter has next to no share", (method) => {
  const history = sampled([real("a"), real("b"), choice("c", "p", "q", "r")], 300, 2, ({ a }) => [
    (Number(a) - 0.4) ** 2,
  ]);
  const { parameters } = importances(history, { method })!;
  expect(parameters[0]!.share).toBeGreaterThan(0.7);
  for (const { share, low, high } of parameters) {
    expect(low).toBeLessThanOrEqual(share + 0.1);
    expect(high).toBeGreaterThanOrEqual(share - 0.1);
  }
});

test.for(["fanova", "ped-anova"] as const)("%s: sees categoricals and steps", (method) => {
  const history = sampled([real("a"), choice("c", "p", "q", "r", "s"), real("d")], 400, 3, ({ a, c, d }) => [
    (c === "q" ? 0 : 2) + (Number(a) > 0.7 ? 1 : 0) + 0.05 * Number(d),
  ]);
  expect(orderOf(history, method)[0]).toBe("c");
  if (method === "fanova") expect(orderOf(history)).toEqual(["c", "a", "d"]);
});

test("a conditional parameter counts where it is active", () => {
  const child = { ...real("child"), condition: { parent: "c", values: ["on"] } };
  const matters = sampled([choice("c", "on", "off"), child, real("x")], 300, 4, ({ child: value, x }) => [
    value === undefined ? 0.5 : 4 * Number(value) + 0.1 * Number(x) - 1.5,
  ]);
  const { parameters } = importances(matters)!;
  expect(parameters.map(({ share }) => share > 0.9)).toEqual([false, true, false]);
});

test("a few diverged trials do not decide what matters", () => {
  const history = sampled([real("a"), real("b")], 200, 6, ({ a, b }, number) => [
    number % 50 === 7 ? 1e7 * Number(b) : 5 * Number(a) + Number(b),
  ]);
  expect(orderOf(history)[0]).toBe("a");
});

test("too few trials, or equal ones, have no importances", () => {
  expect(importances(sampled([real("a")], 3, 1, ({ a }) => [Number(a)]))).toBeUndefined();
  expect(importances(sampled([real("a")], 50, 1, () => [1]))).toBeUndefined();
  expect(
    importances(
      sampled([real("a")], 50, 1, () => [1]),
      { method: "ped-anova" },
    ),
  ).toBeUndefined();
  expect(importances(historyOf([real("a")], []))).toBeUndefined();
});

test.for(["fanova", "ped-anova"] as const)(
  "%s: 10,000 trials of 20 parameters take a second of computing",
  (method) => {
    const wide = Array.from({ length: 20 }, (_, index) =>
      index % 5 === 4 ? choice(`c${index}`, "p", "q") : real(`x${index}`),
    );
    const history = sampled(wide, 10_000, 7, ({ x0, x1, x2 }) => [
      Math.sin(9 * Number(x0)) * Number(x1) + Math.floor(4 * Number(x2)),
    ]);
    const begin = process.cpuUsage();
    importances(history, { method });
    // 0.6 s here; a slow machine takes several times as long.
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(5);
  },
);

test("many choices take no more than many numbers do, and what matters is found among them", () => {
  const cells = Array.from({ length: 60 }, (_, cell) => `v${cell}`);
  const wide = Array.from({ length: 7 }, (_, index) => choice(`c${index}`, ...cells));
  const history = sampled([...wide, real("x")], 300, 8, ({ c3, x }) => [
    4 * Number(x) + Number(cells.indexOf(String(c3)) < 30),
  ]);
  const begin = process.cpuUsage();
  const names = orderOf(history);
  expect(names.slice(0, 2)).toEqual(["x", "c3"]);
  // 2 s here; pairs of all choices would have 75,600 coefficients.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(15);
});
