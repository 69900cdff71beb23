import { expect, test } from "vitest";
import { createHistory, type Objective } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import type { Parameter } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import { createAutoSampler } from "./auto.ts";
import { drawUniform } from "./random.ts";

const real = (name: string): Parameter => ({
  name,
  domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
  condition: undefined,
  default: undefined,
});
const loss: Objective = { name: "loss", goal: "minimize" };

/** What is chosen for each of the next `asks` trials after `trials` have ended. */
function chosen(parameters: number, objectives: readonly Objective[], trials: number, asks = 1) {
  const space = createSpace(Array.from({ length: parameters }, (_, k) => real(`x${k}`)));
  const history = createHistory(space, objectives);
  const stream = createStream(1, "trials");
  const add = (): void => {
    const number = history.size;
    const point = drawUniform(space, stream, undefined);
    history.addPending(number, space.toParams(point));
    const values = objectives.map(() => point[0]! + stream.uniform());
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values, violation: 0, curve, revision: number + 1 });
  };
  while (history.size < trials) add();
  const sampler = createAutoSampler(space, objectives);
  return Array.from({ length: asks }, () => {
    const number = history.size;
    const request = { history, number, stream: createStream(2, number), seed: 2, fixed: undefined };
    const suggestion = sampler.suggest(request);
    add();
    return suggestion;
  });
}

test("a Gaussian process models a study of ordinary size", () => {
  const [suggestion] = chosen(3, [loss], 20);
  expect(suggestion?.sampler).toBe("gp");
  expect(suggestion?.reason).toContain("(auto: a Gaussian process up to 500 trials)");
});

test("beyond five hundred trials every fifth suggestion is TPE's, beyond two thousand all are", () => {
  const names = chosen(2, [loss], 501, 5).map(({ sampler }) => sampler);
  expect(names.filter((name) => name === "tpe")).toHaveLength(1);
  expect(names.filter((name) => name === "gp")).toHaveLength(4);
  expect(chosen(2, [loss], 2001)[0]?.sampler).toBe("tpe");
});

test("many parameters go to TPE", () => {
  expect(chosen(61, [loss], 12)[0]?.sampler).toBe("tpe");
});

const several = (count: number): Objective[] =>
  Array.from({ length: count }, (_, k) => ({ name: `f${k}`, goal: k === 1 ? "maximize" : "minimize" }));

test("two and three objectives are modelled, more go to TPE", () => {
  for (const count of [2, 3]) {
    const [suggestion] = chosen(3, several(count), 20);
    expect(suggestion?.sampler).toBe("gp");
    expect(suggestion?.reason).toContain(`Gaussian processes for ${count} objectives up to 500 trials)`);
  }
  expect(chosen(3, several(4), 20)[0]?.sampler).toBe("tpe");
  expect(chosen(61, several(2), 20)[0]?.sampler).toBe("tpe");
});

test("beyond five hundred trials of several objectives a genetic algorithm takes every second, then all suggestions", () => {
  const names = chosen(2, several(2), 501, 4).map(({ sampler }) => sampler);
  expect(names.toSorted()).toEqual(["gp", "gp", "nsga2", "nsga2"]);
  expect(chosen(2, several(2), 2001)[0]?.sampler).toBe("nsga2");
  expect(chosen(2, several(4), 501)[0]?.sampler).toBe("nsga3");
});
