import { describe, expect, test } from "vitest";
import { hypervolume } from "../analysis/hypervolume.ts";
import { createHistory, type History, type Objective, type Result } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import type { Parameter, Params } from "../space/parameter.ts";
import { createSpace, type Space } from "../space/space.ts";
import { crowdingDistances } from "./genetic/crowding.ts";
import { createSampler, type SamplerSpec } from "./index.ts";

const real = (name: string): Parameter => ({
  name,
  domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
  condition: undefined,
  default: undefined,
});
const cube = createSpace(Array.from({ length: 6 }, (_, k) => real(`x${k}`)));
const objectives = (count: number): Objective[] =>
  Array.from({ length: count }, (_, k) => ({ name: `f${k}`, goal: "minimize" }));
type Evaluate = (params: Params) => Partial<Result>;

function run(
  space: Space,
  spec: SamplerSpec,
  goals: readonly Objective[],
  evaluate: Evaluate,
  trials: number,
  seed = 3,
): History {
  const history = createHistory(space, goals);
  const sampler = createSampler(spec, space, goals);
  for (let number = 0; number < trials; number++) {
    const stream = createStream(seed, number);
    const { point } = sampler.suggest({ history, number, stream, seed, fixed: undefined });
    const params = space.toParams(point);
    history.addPending(number, params);
    const curve = { steps: [], values: [] };
    const base = { outcome: "completed", values: [], violation: 0, curve, revision: number + 1 } as const;
    history.end(number, { ...base, ...evaluate(params) });
  }
  return history;
}

const all = (history: History): number[][] =>
  Array.from({ length: history.size }, (_, number) => [...history.values(number)]);
const numbers = (params: Params): number[] => Object.values(params).map(Number);

/** Spheres about points that lie apart: the front is the simplex between them. */
const spheres =
  (count: number): Evaluate =>
  (params) => {
    const x = numbers(params);
    return {
      values: Array.from({ length: count }, (_, i) =>
        x.reduce((sum, value, k) => sum + (value - (k === i ? 0.8 : 0.2)) ** 2, 0),
      ),
    };
  };

describe.each(["nsga2", "nsga3"] as const)("%s", (kind) => {
  test.each([1, 2, 3])("finds far better fronts than chance, with %i objectives", (count) => {
    const volume = (spec: SamplerSpec): number =>
      hypervolume(
        Float64Array.from(all(run(cube, spec, objectives(count), spheres(count), 300)).flat()),
        new Array<number>(count).fill(1),
      );
    const [found, chance] = [volume({ kind, populationSize: 20 }), volume({ kind: "random" })];
    // What is left to the best volume that 3,000 trials find.
    const best = hypervolume(
      Float64Array.from(
        all(run(cube, { kind, populationSize: 100 }, objectives(count), spheres(count), 3_000)).flat(),
      ),
      new Array<number>(count).fill(1),
    );
    expect(best - found).toBeLessThan(0.5 * (best - chance));
  });

  test("learns from violations where nothing is feasible yet, and prefers what is", () => {
    const history = run(
      cube,
      { kind, populationSize: 20 },
      objectives(2),
      (params) => {
        const sum = numbers(params).reduce((total, x) => total + x, 0);
        // At random one trial in 700 sums to at most 1.
        return { ...spheres(2)(params), violation: Math.max(0, sum - 1) };
      },
      400,
    );
    const isFeasible = Array.from({ length: 400 }, (_, number) => history.violation(number) === 0);
    expect(isFeasible.slice(300).filter(Boolean).length).toBeGreaterThan(50);
  });

  test("children use every result that has ended, whatever order trials end in", () => {
    const history = createHistory(cube, objectives(2));
    const sampler = createSampler({ kind, populationSize: 4 }, cube, objectives(2));
    const request = () => {
      const number = history.size;
      return { history, number, stream: createStream(1, number), seed: 1, fixed: undefined };
    };
    for (let number = 0; number < 12; number++) {
      history.addPending(number, cube.toParams(sampler.suggest(request()).point));
    }
    const curve = { steps: [], values: [] };
    const end = (number: number, values: number[]): void =>
      history.end(number, { outcome: "completed", values, violation: 0, curve, revision: number + 1 });
    for (const number of [11, 10, 9]) end(number, [number, number]);
    expect(sampler.suggest(request()).reason).toContain("3 of the first generation's 4 trials");
    end(8, [8, 8]);
    end(3, [0, 1]);
    end(2, [1, 0]);
    const { reason } = sampler.suggest(request());
    expect(reason).toMatch(/^a child of trials \d+ and \d+ in generation 1$/);
    const parents = Array.from({ length: 40 }, (_, k) => {
      const stream = createStream(2, k);
      return sampler
        .suggest({ ...request(), stream })
        .reason.match(/\d+/g)!
        .slice(0, 2)
        .map(Number);
    });
    expect(new Set(parents.flat())).toContain(3);
    expect(parents.flat()).not.toContain(11); // the worst of six has no place among four
  });
});

test("crowding distances are endless at the ends and the relative gap of the neighbours between them", () => {
  const distances = crowdingDistances([
    [0, 10],
    [1, 4],
    [2, 2],
    [10, 0],
  ]);
  expect([...distances]).toEqual([Infinity, 0.2 + 0.8, 0.9 + 0.4, Infinity]);
});

test("grids and choices mutate too: a space of integers and categoricals is searched to its best point", () => {
  const integer = { kind: "integer", low: 0, high: 9, log: false, step: 1 } as const;
  const choice = { kind: "categorical", choices: ["a", "b", "c", "d"], ordered: false } as const;
  const space = createSpace([
    ...["i", "j", "k"].map((name) => ({ ...real(name), domain: integer })),
    ...["p", "q"].map((name) => ({ ...real(name), domain: choice })),
  ]);
  const history = run(
    space,
    { kind: "nsga2", populationSize: 10 },
    objectives(1),
    ({ i, j, k, p, q }) => ({
      values: [
        Math.abs(Number(i) - 2) +
          Math.abs(Number(j) - 7) +
          Math.abs(Number(k) - 4) +
          (p === "c" ? 0 : 3) +
          (q === "a" ? 0 : 3),
      ],
    }),
    400,
  );
  // One of 16,000 points.
  expect(Math.min(...all(history).flat())).toBe(0);
});
