import { createHistory, type History, type Objective, type Result } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import { drawUniform } from "../../samplers/random.ts";
import type { Domain, Parameter, Params } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";

/** Histories for the tests of analyses. */

export const real = (name: string, low = 0, high = 1): Parameter => ({
  name,
  domain: { kind: "real", low, high, log: false, step: undefined },
  condition: undefined,
  default: undefined,
});

export const choice = (name: string, ...choices: string[]): Parameter => ({
  name,
  domain: { kind: "categorical", choices, ordered: false } satisfies Domain,
  condition: undefined,
  default: undefined,
});

export const minimize: readonly Objective[] = [{ name: "loss", goal: "minimize" }];

/** Trials at given parameters that have ended, all completed unless told otherwise. */
export function historyOf(
  parameters: readonly Parameter[],
  trials: readonly (Partial<Result> & { readonly params: Params })[],
  objectives = minimize,
): History {
  const history = createHistory(createSpace(parameters), objectives);
  trials.forEach(({ params, ...result }, number) => {
    history.addPending(number, params);
    history.end(number, {
      outcome: "completed",
      values: [],
      violation: 0,
      curve: { steps: [], values: [] },
      revision: number + 1,
      ...result,
    });
  });
  return history;
}

/** Trials at uniform random points. */
export function sampled(
  parameters: readonly Parameter[],
  count: number,
  seed: number,
  valuesOf: (params: Params, number: number) => readonly number[],
  objectives = minimize,
): History {
  const space = createSpace(parameters);
  const trials = Array.from({ length: count }, (_, number) => {
    const params = space.toParams(drawUniform(space, createStream(seed, number), undefined));
    return { params, values: valuesOf(params, number) };
  });
  return historyOf(parameters, trials, objectives);
}
