import { describe, expect, test } from "vitest";
import { createHistory, type History, type Objective, type Result } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Parameter } from "../../space/parameter.ts";
import { createSpace, type Space } from "../../space/space.ts";
import { suggest } from "../../suggest.ts";
import { createAutoSampler } from "../auto.ts";
import { createRandomSampler, drawUniform } from "../random.ts";
import type { Sampler } from "../sampler.ts";
import { createTpeSampler, type TpeOptions } from "./tpe.ts";

const one: readonly Objective[] = [{ name: "loss", goal: "minimize" }];
const unit = (name: string, rest: Partial<Parameter> = {}): Parameter => {
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  return { name, domain, condition: undefined, default: undefined, ...rest };
};
const plane = createSpace([unit("x"), unit("y")]);
const noCurve = { steps: [], values: [] };

/** Trials at uniform points, with the results that `judge` gives them. */
function evaluated(
  space: Space,
  objectives: readonly Objective[],
  size: number,
  judge: (x: number, y: number) => Partial<Result>,
) {
  const history = createHistory(space, objectives);
  for (let number = 0; number < size; number++) {
    const point = drawUniform(space, createStream(1, number), undefined);
    history.addPending(number, space.toParams(point));
    const result = {
      outcome: "completed",
      values: [],
      violation: 0,
      curve: noCurve,
      revision: number + 1,
    } as const;
    history.end(number, { ...result, ...judge(point[0]!, point[1]!) });
  }
  return history;
}

/** Many suggestions for the next trial, none of them handed out. */
function draw(space: Space, history: History, count = 200, options: TpeOptions = {}) {
  const sampler = createTpeSampler(space, history.objectives, options);
  return Array.from({ length: count }, (_, seed) => {
    const stream = createStream(seed, "draw");
    return sampler.suggest({ history, number: history.size, stream, seed, fixed: undefined }).point;
  });
}
const share = <T>(all: readonly T[], is: (each: T) => boolean): number => all.filter(is).length / all.length;

/** The best value that a sampler reaches. */
function search(
  space: Space,
  create: () => Sampler,
  f: (params: Record<string, unknown>) => number,
  seed: number,
): number {
  const history = createHistory(space, one);
  const sampler = create();
  let best = Infinity;
  for (let number = 0; number < 80; number++) {
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") break;
    const value = f(suggested.params);
    best = Math.min(best, value);
    history.addPending(number, suggested.params);
    history.end(number, {
      outcome: "completed",
      values: [value],
      violation: 0,
      curve: noCurve,
      revision: number,
    });
  }
  return best;
}

test("gets closer than random search, in a plane and in a space with branches", () => {
  const kind = { kind: "categorical", choices: ["a", "b", "c"], ordered: false } as const;
  const rest = { condition: undefined, default: undefined };
  const branches = createSpace([
    unit("z"),
    { name: "kind", domain: kind, ...rest },
    unit("a", { condition: { parent: "kind", values: ["a"] } }),
    unit("b", { condition: { parent: "kind", values: ["b", "c"] } }),
  ]);
  const cases: [Space, (params: Record<string, unknown>) => number][] = [
    [plane, ({ x, y }) => (Number(x) - 0.31) ** 2 + (Number(y) - 0.77) ** 2],
    [
      branches,
      ({ z, kind: which, b }) => (Number(z) - 0.2) ** 2 + (which === "b" ? (Number(b) - 0.8) ** 2 : 1),
    ],
  ];
  for (const [space, f] of cases) {
    const wins = [1, 2, 3, 4, 5, 6, 7, 8].filter((seed) => {
      const ours = search(space, () => createTpeSampler(space, one), f, seed);
      return ours < search(space, () => createRandomSampler(space), f, seed);
    });
    expect(wins.length).toBeGreaterThanOrEqual(7);
  }
});

describe("the suggestions", () => {
  const near = (x: number, y: number, radius: number) => (point: Float64Array) =>
    Math.hypot(point[0]! - x, point[1]! - y) < radius;
  const bowl = (x: number, y: number): Partial<Result> => ({ values: [(x - 0.3) ** 2 + (y - 0.6) ** 2] });

  test("are uniform until the startup trials have ended, and say so", () => {
    const history = evaluated(plane, one, 9, bowl);
    history.addPending(9, { x: 0.5, y: 0.5 });
    const sampler = createTpeSampler(plane, one);
    const ask = () =>
      sampler.suggest({ history, number: 10, stream: createStream(1), seed: 1, fixed: undefined });
    expect(ask().sampler).toBe("random");
    expect(ask().reason).toContain("9 of the 10 trials");
    history.end(9, { outcome: "completed", values: [1], violation: 0, curve: noCurve, revision: 10 });
    expect(ask().sampler).toBe("tpe");
  });

  test("gather where the values are good, also when maximising", () => {
    const is = near(0.3, 0.6, 0.2);
    expect(share(draw(plane, evaluated(plane, one, 60, bowl)), is)).toBeGreaterThan(0.6);
    const up: readonly Objective[] = [{ name: "score", goal: "maximize" }];
    const hill = (x: number, y: number): Partial<Result> => ({ values: [-bowl(x, y).values![0]!] });
    expect(share(draw(plane, evaluated(plane, up, 60, hill)), is)).toBeGreaterThan(0.6);
  });

  test("keep away from points that other workers are trying", () => {
    const history = evaluated(plane, one, 60, bowl);
    const is = near(0.3, 0.6, 0.08);
    const before = share(draw(plane, history), is);
    for (let number = 60; number < 90; number++) {
      const stream = createStream(2, number);
      history.addPending(number, { x: 0.26 + 0.08 * stream.uniform(), y: 0.56 + 0.08 * stream.uniform() });
    }
    expect(share(draw(plane, history), is)).toBeLessThan(before / 2);
  });

  test("keep away from where trials fail or break constraints", () => {
    const isBad = (x: number): boolean => x > 0.3;
    const failing = (x: number, y: number): Partial<Result> =>
      isBad(x) ? { outcome: "failed" } : bowl(x, y);
    const infeasible = (x: number, y: number): Partial<Result> =>
      isBad(x) ? { outcome: "infeasible", violation: x, values: [-1] } : bowl(x, y);
    for (const judge of [failing, infeasible]) {
      const points = draw(plane, evaluated(plane, one, 80, judge));
      expect(share(points, (point) => isBad(point[0]!))).toBeLessThan(0.35);
    }
  });

  test("prefer pruned trials that came far when nothing has completed", () => {
    const judge = (x: number): Partial<Result> => {
      const steps = Array.from({ length: x < 0.3 ? 9 : 2 }, (_, step) => step);
      return { outcome: "pruned", curve: { steps, values: steps.map(() => 1) } };
    };
    expect(share(draw(plane, evaluated(plane, one, 60, judge)), (point) => point[0]! < 0.35)).toBeGreaterThan(
      0.7,
    );
  });

  test("gather along the whole front of two objectives", () => {
    const objectives: readonly Objective[] = [...one, { name: "cost", goal: "minimize" }];
    // The front is y = 0.5, all along x.
    const judge = (x: number, y: number): Partial<Result> => {
      return { values: [x + 3 * (y - 0.5) ** 2, 1 - x + 3 * (y - 0.5) ** 2] };
    };
    const points = draw(plane, evaluated(plane, objectives, 120, judge));
    expect(share(points, (point) => Math.abs(point[1]! - 0.5) < 0.1)).toBeGreaterThan(0.5);
    for (const third of [0, 1, 2]) {
      expect(share(points, (point) => Math.floor(point[0]! * 3) === third)).toBeGreaterThan(0.1);
    }
  });

  test("follow a fixed coordinate: what was good near it", () => {
    // For small x the best y is 0.2, for large x it is 0.8.
    const history = evaluated(plane, one, 150, (x, y) => ({ values: [Math.abs(y - (x < 0.5 ? 0.2 : 0.8))] }));
    const sampler = createTpeSampler(plane, one);
    for (const [x, best] of [
      [0.1, 0.2],
      [0.9, 0.8],
    ] as const) {
      const points = Array.from({ length: 100 }, (_, seed) => {
        const fixed = Float64Array.of(x, NaN);
        return sampler.suggest({ history, number: history.size, stream: createStream(seed), seed, fixed })
          .point;
      });
      expect(share(points, (point) => Math.abs(point[1]! - best) < 0.2)).toBeGreaterThan(0.7);
    }
  });
});

test("takes no notice of trials that were planned and dropped, however many there were", () => {
  const history = evaluated(plane, one, 1_000, (x, y) => ({ values: [x + y] }));
  const sampler = createTpeSampler(plane, one);
  // Beyond 1,024 trials a marginal density takes every other kernel.
  for (let number = 1_000; number < 1_040; number++) history.addPending(number, { x: 0.5, y: 0.5 });
  const ask = (from: Sampler, seed: number) =>
    from.suggest({ history, number: history.size, stream: createStream(seed), seed, fixed: undefined }).point;
  ask(sampler, 0);
  history.dropPending(1_000);
  const seeds = Array.from({ length: 50 }, (_, seed) => seed);
  const fresh = createTpeSampler(plane, one);
  expect(seeds.map((seed) => ask(sampler, seed))).toEqual(seeds.map((seed) => ask(fresh, seed)));
});

test("says how much memory its kernels take, alone and as a part of auto", () => {
  const history = evaluated(plane, one, 3_000, (x, y) => ({ values: [x + y] }));
  const request = { history, number: 3_000, stream: createStream(1), seed: 1, fixed: undefined };
  for (const sampler of [createTpeSampler(plane, one), createAutoSampler(plane, one)]) {
    expect(sampler.bytes).toBe(0);
    sampler.suggest(request);
    // Two means, deviations and norms a trial at least, and never more than twice what growing columns need.
    expect(sampler.bytes).toBeGreaterThan(3_000 * 2 * 24);
    expect(sampler.bytes).toBeLessThan(2 * 4_096 * (2 * 28 + 9));
  }
});

test("by itself each parameter goes where its good values are, whatever the others'", () => {
  // Good trials lie about (0.2, 0.2) and (0.8, 0.8): alone each coordinate is good at 0.2 and at 0.8.
  const near = (x: number, y: number, at: number): number => Math.hypot(x - at, y - at);
  const judge = (x: number, y: number) => ({ values: [Math.min(near(x, y, 0.2), near(x, y, 0.8))] });
  const history = evaluated(plane, one, 150, judge);
  const isCrossed = ([x, y]: Float64Array): boolean => Math.abs(x! - y!) > 0.4;
  expect(share(draw(plane, history), isCrossed)).toBeLessThan(0.3);
  const alone = draw(plane, history, 200, { perParameter: true });
  expect(share(alone, isCrossed)).toBeGreaterThan(0.4);
  const isGood = (unit: number): boolean => Math.min(Math.abs(unit - 0.2), Math.abs(unit - 0.8)) < 0.15;
  expect(share(alone, ([x, y]) => isGood(x!) && isGood(y!))).toBeGreaterThan(0.8);
});

test("modelled one by one, parameters that add up are found", () => {
  const f = ({ x, y }: Record<string, unknown>): number => (Number(x) - 0.3) ** 2 + (Number(y) - 0.7) ** 2;
  const medianOf = (create: () => Sampler): number =>
    Array.from({ length: 9 }, (_, seed) => search(plane, create, f, seed)).sort((a, b) => a - b)[4]!;
  const modelled = medianOf(() => createTpeSampler(plane, one, { perParameter: true }));
  expect(modelled).toBeLessThan(0.2 * medianOf(() => createRandomSampler(plane)));
});
