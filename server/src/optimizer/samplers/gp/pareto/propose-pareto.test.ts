import { describe, expect, test } from "vitest";
import { hypervolume } from "../../../analysis/hypervolume.ts";
import { createHistory, type Objective, type Result } from "../../../history.ts";
import { createStream } from "../../../numerics/stream.ts";
import type { Parameter, Params } from "../../../space/parameter.ts";
import { createSpace, type Space } from "../../../space/space.ts";
import { suggest } from "../../../suggest.ts";
import { createSampler } from "../../index.ts";

const real = (name: string): Parameter => ({
  name,
  domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
  condition: undefined,
  default: undefined,
});
const space = createSpace(["a", "b", "c", "d"].map(real));
const objectives = (count: number): Objective[] =>
  Array.from({ length: count }, (_, k) => ({ name: `f${k}`, goal: k === 0 ? "maximize" : "minimize" }));

/** Distances from three corners of a triangle, the first told negative, as it is to be large. */
const distances =
  (count: number) =>
  (params: Params): Partial<Result> => {
    const x = Object.values(params).map(Number);
    const centres = [
      [0.2, 0.2, 0.4, 0.4],
      [0.8, 0.3, 0.4, 0.4],
      [0.4, 0.8, 0.4, 0.4],
    ];
    const losses = centres.map((centre) => Math.hypot(...centre.map((at, k) => x[k]! - at)));
    return { values: losses.slice(0, count).map((loss, k) => (k === 0 ? -loss : loss)) };
  };

function run(
  where: Space,
  kind: "gp" | "random",
  count: number,
  trials: number,
  evaluate: (params: Params) => Partial<Result>,
) {
  const history = createHistory(where, objectives(count), 1);
  const sampler = createSampler({ kind }, where, history.objectives);
  const names: string[] = [];
  for (let number = 0; number < trials; number++) {
    const suggested = suggest({ space: where, sampler, history, number, seed: 5, replicates: 1 });
    if (suggested === "exhausted") throw new Error("a continuous space has no end");
    names.push(suggested.sampler);
    history.addPending(number, suggested.params);
    const curve = { steps: [], values: [] };
    const base = { outcome: "completed", values: [], violation: 0, curve, revision: number + 1 } as const;
    history.end(number, { ...base, ...evaluate(suggested.params) });
  }
  return { history, names };
}

const volumeOf = ({ history }: ReturnType<typeof run>): number => {
  const width = history.objectives.length;
  const rows = Array.from({ length: history.size }, (_, number) => number)
    .filter((number) => history.outcome(number) === "completed" && history.violation(number) === 0)
    .flatMap((number) => Array.from(history.values(number), (value, k) => (k === 0 ? -value : value)));
  return hypervolume(Float64Array.from(rows), new Array<number>(width).fill(1));
};

describe.each([2, 3])("with %i objectives", (count) => {
  test("fifty trials find what chance does not find in a thousand", () => {
    const found = volumeOf(run(space, "gp", count, 50, distances(count)));
    expect(found).toBeGreaterThan(volumeOf(run(space, "random", count, 1_000, distances(count))));
  });
});

test("keeps to what satisfies the constraints and away from what fails", () => {
  const evaluate = (params: Params): Partial<Result> => {
    if (Number(params["b"]) > 0.6) return { outcome: "failed", values: [] };
    return { ...distances(2)(params), violation: Math.max(0, 0.5 - Number(params["a"])) };
  };
  const { history } = run(space, "gp", 2, 60, evaluate);
  const isGood = (number: number): boolean =>
    history.outcome(number) === "completed" && history.violation(number) === 0;
  const late = Array.from({ length: 30 }, (_, k) => 30 + k).filter(isGood);
  // By chance it would be nine, and the best of the first objective lies on the border.
  expect(late.length).toBeGreaterThan(15);
});

test("reaches the edge of a constraint whose distance is told", () => {
  const evaluate = (params: Params): Partial<Result> => {
    const excess = 0.5 - Number(params["a"]);
    return { ...distances(2)(params), violation: Math.max(0, excess), excesses: [excess] };
  };
  const { history } = run(space, "gp", 2, 40, evaluate);
  const best = Array.from({ length: 40 }, (_, number) => number)
    .filter((number) => history.violation(number) === 0)
    .map((number) => -history.values(number)[0]!);
  // The first loss is least on the edge, 0.3 from its centre.
  expect(Math.min(...best)).toBeLessThan(0.31);
});

test("a front that ends in a corner is searched on, not asked for again", () => {
  // The least second loss lies at the origin, and so does the least first one.
  const corner = (params: Params): Partial<Result> => {
    const [a = 0, ...rest] = Object.values(params).map(Number);
    const far = 1 + rest.reduce((sum, x) => sum + x, 0);
    return { values: [-a, far * (1 - (a / far) ** 2)] };
  };
  const { names, history } = run(space, "gp", 2, 50, corner);
  // Redrawn points come from the random sampler.
  expect(names.filter((name) => name === "random")).toEqual([]);
  expect(volumeOf({ names, history })).toBeGreaterThan(0.25); // a third is all that there is
});

test("running trials are kept away from", () => {
  const { history } = run(space, "gp", 2, 20, distances(2));
  const sampler = createSampler({ kind: "gp" }, space, history.objectives);
  const asked: Float64Array[] = [];
  for (let k = 0; k < 6; k++) {
    const number = history.size;
    // The same stream each time: only the running trials differ.
    const request = { history, number, stream: createStream(1, 1), seed: 5, fixed: undefined };
    const { point } = sampler.suggest(request);
    for (const other of asked) {
      expect(Math.hypot(...point.map((x, i) => x - other[i]!))).toBeGreaterThan(0.02);
    }
    asked.push(point);
    history.addPending(number, space.toParams(point));
  }
});
