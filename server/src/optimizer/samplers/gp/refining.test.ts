import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import type { Domain, Params } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { suggest } from "../../suggest.ts";
import { createGpSampler } from "./gp.ts";

const objectives = [{ name: "loss", goal: "minimize" }] as const;
const coarse: Domain = { kind: "integer", low: 0, high: 7, log: false, step: 1 };
const smooth: Domain = { kind: "real", low: 0, high: 7, log: false, step: undefined };
const names = ["a", "b", "c", "d"];

/** A bowl, and hollows of no order. */
const rough = (params: Params): number => {
  const at = names.map((name) => Number(params[name]));
  const hollow = Math.sin(at.reduce((sum, v, i) => sum + (17 * i + 5) * v, 0) ** 2);
  return at.reduce((sum, v) => sum + (v - 4) ** 2, hollow);
};

/** For each trial whether it set out to refine the best one, and in how many values it differs from that. */
function run(domains: readonly Domain[], budget: number | undefined, fixed: Params = {}) {
  const space = createSpace(
    names.map((name, i) => ({ name, domain: domains[i]!, condition: undefined, default: undefined })),
  );
  const history = createHistory(space, objectives);
  const sampler = createGpSampler(space, objectives);
  let best: { readonly params: Params; readonly loss: number } | undefined;
  return Array.from({ length: 60 }, (_, number) => {
    const suggested = suggest({ space, sampler, history, number, seed: 7, fixed, replicates: 1, budget });
    if (suggested === "exhausted") throw new Error("no point is left");
    const { params, reason } = suggested;
    const distance = names.filter((name) => params[name] !== best?.params[name]).length;
    const loss = rough(params);
    if (best === undefined || loss < best.loss) best = { params, loss };
    history.addPending(number, params);
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values: [loss], violation: 0, curve, revision: number + 1 });
    return { number, distance, isRefining: reason.includes("differs from the best trial"), params };
  });
}

const grids = [coarse, coarse, coarse, coarse];

test("in grids about half of the last two fifths of a budget differ from the best trial in one value", () => {
  const refining = run(grids, 60).filter(({ isRefining }) => isRefining);
  expect(refining.every(({ number }) => number >= 36)).toBe(true);
  expect(new Set(refining.map(({ distance }) => distance))).toEqual(new Set([1]));
  // Of 24 with a chance of a half: four deviations of a binomial to either side.
  expect(Math.abs(refining.length - 12)).toBeLessThan(10);
});

test("the neighbours that keep fixed values are enough", () => {
  const trials = run(grids, 60, { a: 2 });
  expect(trials.every(({ params }) => params["a"] === 2)).toBe(true);
  expect(trials.some(({ isRefining, distance }) => isRefining && distance === 1)).toBe(true);
});

test("until then suggestions are those of a study without a budget", () => {
  const paramsOf = (budget: number | undefined): Params[] => run(grids, budget).map(({ params }) => params);
  const endless = paramsOf(undefined);
  const ending = paramsOf(60);
  expect(ending.slice(0, 36)).toEqual(endless.slice(0, 36));
  expect(ending).not.toEqual(endless);
  expect(paramsOf(1000)).toEqual(endless);
});

test("where a parameter is smooth the budget makes no difference", () => {
  const mixed = [coarse, smooth, coarse, coarse];
  expect(run(mixed, 60)).toEqual(run(mixed, undefined));
});
