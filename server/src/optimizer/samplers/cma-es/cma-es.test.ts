import { describe, expect, test } from "vitest";
import { createHistory, type History, type Objective } from "../../history.ts";
import { normalCdf } from "../../numerics/normal-distribution.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Domain, Parameter, Params } from "../../space/parameter.ts";
import { createSpace, type Space } from "../../space/space.ts";
import type { Point, Suggestion } from "../sampler.ts";
import { createChoices } from "./choices.ts";
import { type CmaEsOptions, createCmaEsSampler } from "./cma-es.ts";
import { createEvolution } from "./evolution.ts";
import { applyMargin } from "./margin.ts";
import { createNormalModel } from "./normal-model.ts";
import { ratesOf } from "./rates.ts";

const loss: Objective = { name: "loss", goal: "minimize" };
const real: Domain = { kind: "real", low: -1, high: 1, log: false, step: undefined };
const parameter = (name: string, domain: Domain = real): Parameter => ({
  name,
  domain,
  condition: undefined,
  default: undefined,
});
const cube = (width: number): Space =>
  createSpace(Array.from({ length: width }, (_, k) => parameter(`x${k}`)));
const vector = (params: Params): number[] => Object.values(params).map(Number);

/** A study whose trials end in the order that `workers` parallel ones give, and what each was told. */
function run(
  space: Space,
  options: CmaEsOptions,
  evaluate: (params: Params) => number,
  trials: number,
  workers = 1,
) {
  const history = createHistory(space, [loss]);
  const sampler = createCmaEsSampler(space, [loss], options);
  const suggestions: Suggestion[] = [];
  let revision = 0;
  const order = createStream(4, "order");
  while (revision < trials) {
    while (history.pending.length < workers && history.size < trials) {
      const number = history.size;
      const stream = createStream(4, number);
      const suggestion = sampler.suggest({ history, number, stream, seed: 4, fixed: undefined });
      suggestions.push(suggestion);
      history.addPending(number, space.toParams(suggestion.point));
    }
    const number = history.pending[order.integer(history.pending.length)]!;
    const values = [evaluate(space.toParams(history.point(number)))];
    const curve = { steps: [], values: [] };
    const outcome = Number.isNaN(values[0]) ? "failed" : "completed";
    history.end(number, { outcome, values, violation: 0, curve, revision: ++revision });
  }
  const losses = Array.from({ length: trials }, (_, number) => history.values(number)[0]!);
  return { history, suggestions, losses, best: losses.reduce((a, b) => (b < a ? b : a), Infinity) };
}

/** A narrow valley that runs across all axes: conditioned 1e4, its floor off the middle. */
const valley = (params: Params): number => {
  const x = vector(params).map((value) => value - 0.31);
  const along = x.reduce((sum, value) => sum + value, 0) / Math.sqrt(x.length);
  const length = x.reduce((sum, value) => sum + value * value, 0);
  return along * along + 1e4 * (length - along * along);
};
/** As narrow, along an axis. */
const ellipse = (params: Params): number =>
  vector(params).reduce((sum, x, k, { length }) => sum + 1e4 ** (k / (length - 1)) * (x - 0.31) ** 2, 0);

describe("the search", () => {
  test("learns correlations: a valley across the axes to its bottom", () => {
    expect(run(cube(6), {}, valley, 2_000).best).toBeLessThan(1e-9);
    expect(run(cube(6), { separable: true }, valley, 2_000).best).toBeGreaterThan(1e-6);
  });

  test("with variances alone follows the axes", () => {
    expect(run(cube(20), { separable: true }, ellipse, 3_000).best).toBeLessThan(1e-6);
    expect(run(cube(20), {}, ellipse, 3_000).best).toBeGreaterThan(1e-4);
  });

  test("loses little to sixteen parallel workers whose results come in any order", () => {
    expect(run(cube(5), {}, ellipse, 1_500, 16).best).toBeLessThan(1e-6);
  });

  test("goes on where half of the cube fails", () => {
    const fails = (params: Params): number => (Number(params["x0"]) < 0 ? NaN : ellipse(params));
    expect(run(cube(4), {}, fails, 1_000).best).toBeLessThan(1e-9);
  });

  test("reaches an optimum in a corner", () => {
    const corner = (params: Params): number => vector(params).reduce((sum, x) => sum - x, 0);
    expect(run(cube(4), {}, corner, 400).best).toBe(-4);
  });

  test("when it has converged starts elsewhere with twice the population, unless told not to", () => {
    const flat = (): number => 1;
    const restarted = run(cube(2), { populationSize: 6 }, flat, 400).suggestions.at(-1)!.reason;
    expect(restarted).toMatch(/generations of run \d+ of (12|24|48) trials$/);
    const plain = run(cube(2), { populationSize: 6, restarts: false }, flat, 400).suggestions.at(-1)!.reason;
    expect(plain).toMatch(/adapted by 66 generations of 6 trials$/);
  });

  test("finds the best whole numbers and choices together", () => {
    const integer: Domain = { kind: "integer", low: -20, high: 20, log: false, step: 1 };
    const choice: Domain = { kind: "categorical", choices: ["a", "b", "c", "d", "e"], ordered: false };
    const space = createSpace([
      ...["i", "j", "k", "l"].map((name) => parameter(name, integer)),
      parameter("x"),
      ...["p", "q", "r"].map((name) => parameter(name, choice)),
    ]);
    const { best } = run(
      space,
      {},
      ({ i, j, k, l, x, p, q, r }) =>
        (Number(i) - 7) ** 2 +
        (Number(j) + 3) ** 2 +
        (Number(k) - Number(l)) ** 2 +
        (Number(l) - 12) ** 2 +
        (Number(x) - 0.4) ** 2 +
        [p === "b", q === "e", r === "a"].filter((isRight) => !isRight).length * 5,
      1_200,
    );
    // All seven discrete ones are right: any wrong one costs at least 1.
    expect(best).toBeLessThan(1e-3);
  });
});

test("what the caller fixes moves what correlates with it", () => {
  const space = cube(2);
  const { history } = run(space, { restarts: false }, valley, 220);
  const sampler = createCmaEsSampler(space, [loss], { restarts: false });
  const fixed: Point = Float64Array.of(0.8, NaN);
  const drawn = Array.from({ length: 50 }, (_, k) => {
    const stream = createStream(9, k);
    return sampler.suggest({ history, number: history.size, stream, seed: 4, fixed }).point;
  });
  // The valley is x0 = x1.
  for (const point of drawn) {
    expect(point[0]).toBe(0.8);
    expect(Math.abs(point[1]! - 0.8)).toBeLessThan(0.05);
  }
});

test("several objectives go to NSGA-II, and more than a hundred parameters to variances alone, as the reasons say", () => {
  const suggest = (space: Space, objectives: readonly Objective[]): Suggestion => {
    const history: History = createHistory(space, objectives);
    const stream = createStream(1, 0);
    return createCmaEsSampler(space, objectives).suggest({
      history,
      number: 0,
      stream,
      seed: 1,
      fixed: undefined,
    });
  };
  expect(suggest(cube(2), [loss, { ...loss, name: "other" }]).reason).toMatch(
    /^CMA-ES takes one objective, so NSGA-II: /,
  );
  expect(suggest(cube(101), [loss]).reason).toContain("variances alone, for more than 100 parameters");
  expect(suggest(cube(100), [loss]).reason).not.toContain("variances alone");
});

test("the rates are those of the tutorial: ten parameters, ten trials a generation", () => {
  const { weights, mass, step, path, one, many } = ratesOf(10, 10, false);
  // By its formulas, computed by hand with other software.
  const raw = [1, 2, 3, 4, 5].map((i) => Math.log(5.5 / i));
  const total = raw.reduce((sum, w) => sum + w, 0);
  expect(Array.from(weights.slice(0, 5))).toEqual(raw.map((w) => expect.closeTo(w / total, 12)));
  expect(mass).toBeCloseTo(3.1672992814107957, 10);
  expect(step).toBeCloseTo((mass + 2) / (15 + mass), 12);
  expect(path).toBeCloseTo((4 + mass / 10) / (14 + (2 * mass) / 10), 12);
  expect(one).toBeCloseTo(2 / (11.3 ** 2 + mass), 12);
  expect(many).toBeCloseTo((2 * (mass - 1.75 + 1 / mass)) / (144 + mass), 12);
  // The negative weights leave the matrix positive definite.
  const negative = -weights.slice(5).reduce((sum, w) => sum + w, 0);
  expect(negative).toBeLessThanOrEqual((1 - one - many) / (10 * many) + 1e-12);
});

test("the margin leaves each neighbouring cell its probability, whatever the distribution has shrunk to", () => {
  const space = createSpace([parameter("n", { kind: "integer", low: 0, high: 9, log: false, step: 1 })]);
  const dimension = space.dimensions[0]!;
  for (const mean of [0.02, 0.13, 0.449, 0.45, 0.451, 0.5001, 0.999]) {
    for (const sigma of [1e-7, 1e-3, 0.02, 0.3]) {
      const model = createNormalModel(Float64Array.of(mean), sigma, ratesOf(1, 4, false), false);
      applyMargin(model, 0, dimension, 0.1);
      const cell = dimension.cell(model.mean[0]!);
      const below = normalCdf((dimension.edge(cell) - model.mean[0]!) / model.deviation(0));
      const above = 1 - normalCdf((dimension.edge(cell + 1) - model.mean[0]!) / model.deviation(0));
      if (cell > 0 && cell < 9) expect(Math.min(below, above)).toBeGreaterThanOrEqual(0.05 - 1e-9);
      else expect(cell === 0 ? above : below).toBeGreaterThanOrEqual(0.1 - 1e-9);
      expect(cell).toBe(dimension.cell(mean)); // it stays in its cell
    }
  }
});

test("probabilities of choices stay above the margin, sum to one, and go where the best are", () => {
  const choices = createChoices([new Float64Array(4).fill(1 / 4), new Float64Array(3).fill(1 / 3)]);
  const stream = createStream(1, "codes");
  const { weights } = ratesOf(2, 8, false);
  for (let generation = 0; generation < 150; generation++) {
    const points = Array.from({ length: 8 }, () => Int32Array.of(stream.integer(4), stream.integer(3)));
    const worth = (codes: Int32Array): number => (codes[0] === 2 ? 0 : 1) + (codes[1] === 0 ? 0 : 1);
    choices.update(
      points.sort((a, b) => worth(a) - worth(b)),
      weights,
    );
  }
  const margins = [4, 3].map((cells) => (1 - 0.73 ** (1 / 2)) / (cells - 1));
  choices.chances.forEach((row, k) => {
    expect(row.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    for (const chance of row) expect(chance).toBeGreaterThanOrEqual(margins[k]! - 1e-12);
  });
  expect(choices.chances[0]![2]).toBeGreaterThan(0.6);
  expect(choices.chances[1]![0]).toBeGreaterThan(0.6);
});

test("a restart forgets the trials that were drawn before it", () => {
  const space = cube(1);
  const history = createHistory(space, [loss]);
  const follow = createEvolution(space, { populationSize: 4, isSeparable: false, restarts: true });
  const curve = { steps: [], values: [] };
  for (let number = 0; number < 402; number++) history.addPending(number, { x0: 0.5 });
  const end = (number: number): void => {
    history.end(number, { outcome: "completed", values: [1], violation: 0, curve, revision: number + 1 });
  };
  end(401);
  for (let number = 0; follow(history, 1).run === 0; number++) end(number);
  const before = follow(history, 1);
  // These were handed out before the newest trial of the first run was.
  for (let number = 380; number < 396; number++) end(number);
  const after = follow(history, 1);
  expect(after.run).toBe(1);
  expect(after.generations).toBe(0);
  expect(after.model.mean).toEqual(before.model.mean);
});
