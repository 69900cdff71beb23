import { expect, test } from "vitest";
import { createHistory } from "../history.ts";
import type { Parameter } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import { suggest } from "../suggest.ts";
import { createSampler, type SamplerSpec } from "./index.ts";

const rest = { condition: undefined, default: undefined };
const real: Parameter = {
  name: "x",
  domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
  ...rest,
};
const whole: Parameter = {
  name: "n",
  domain: { kind: "integer", low: 1, high: 5, log: false, step: 1 },
  ...rest,
};
const kind: Parameter = {
  name: "k",
  domain: { kind: "categorical", choices: ["a", "b", "c"], ordered: false },
  ...rest,
};
const child: Parameter = {
  name: "m",
  domain: { kind: "integer", low: 1, high: 4, log: false, step: 1 },
  condition: { parent: "k", values: ["b"] },
  default: undefined,
};

/** The first trials of a study in which none ends. */
function first(count: number, spec: SamplerSpec, parameters: readonly Parameter[], seed = 1) {
  const space = createSpace(parameters);
  const objectives = [{ name: "loss", goal: "minimize" }] as const;
  const history = createHistory(space, objectives);
  const sampler = createSampler(spec, space, objectives);
  return Array.from({ length: count }, (_, number) => {
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") return undefined;
    history.addPending(number, suggested.params);
    return { ...suggested, key: space.key(suggested.params) };
  });
}

test("exhaustive goes through a conditional space once and then says that it is exhausted", () => {
  // k = a and c: 5 points each; k = b: 5 × 4.
  const trials = first(31, { kind: "exhaustive" }, [kind, child, whole]);
  expect(new Set(trials.slice(0, 30).map((trial) => trial?.key)).size).toBe(30);
  expect(trials.slice(0, 30).every((trial) => trial?.sampler === "exhaustive")).toBe(true);
  expect(trials[30]).toBeUndefined();
});

test("exhaustive starts elsewhere with another seed", () => {
  const starts = [1, 2, 3, 4].map(
    (seed) => first(1, { kind: "exhaustive" }, [kind, child, whole], seed)[0]?.key,
  );
  expect(new Set(starts).size).toBeGreaterThan(1);
});

test("the grid holds evenly spaced values with both bounds, every combination once, then fills between", () => {
  const trials = first(16, { kind: "grid", resolution: 5 }, [real, kind]);
  const grid = trials.slice(0, 15);
  expect(new Set(grid.map((trial) => trial?.key)).size).toBe(15);
  const values = [...new Set(grid.map((trial) => Number(trial?.params["x"])))].sort((a, b) => a - b);
  expect(values).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(trials[15]?.sampler).toBe("sobol");
});

test("a grid of few values has no more of an integer with many", () => {
  const trials = first(9, { kind: "grid", resolution: 3 }, [whole, kind]);
  expect(new Set(trials.map((trial) => trial?.params["n"]))).toEqual(new Set([1, 3, 5]));
});

test("Sobol and Halton fill each coordinate evenly, whatever the seed", () => {
  for (const [method, cells] of [
    ["sobol", 16],
    ["halton", 16],
  ] as const) {
    for (const seed of [1, 2]) {
      const trials = first(cells, { kind: method }, [real, kind], seed);
      const strata = new Set(trials.map((trial) => Math.floor(Number(trial?.params["x"]) * cells)));
      expect(strata.size).toBe(cells);
    }
  }
});
