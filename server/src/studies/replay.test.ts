import { expect, test } from "vitest";
import { createHistory } from "../optimizer/history.ts";
import { createSampler } from "../optimizer/samplers/index.ts";
import { createSpace } from "../optimizer/space/space.ts";
import { suggest } from "../optimizer/suggest.ts";
import { type ReplayTrial, replayStudy, replayTrial } from "./replay.ts";
import { specDefaults, type StudySpec } from "./spec.ts";

const spec: StudySpec = {
  ...specDefaults,
  parameters: ["a", "b", "c"].map((name) => ({
    name,
    domain: { kind: "integer", low: 0, high: 9, log: false, step: 1 },
    condition: undefined,
    default: undefined,
  })),
  seed: 11,
};
/** Somebody halves the budget while the study runs. */
const specs = [
  { ...spec, maxTrials: 60 },
  { ...spec, maxTrials: 30 },
];

/** Thirty trials in grids alone, which depend on the budget from three fifths of it on; each ended before the next was asked for. */
function runStudy(): ReplayTrial[] {
  const space = createSpace(spec.parameters);
  const history = createHistory(space, spec.objectives);
  const sampler = createSampler(spec.sampler, space, spec.objectives);
  return Array.from({ length: 30 }, (_, number) => {
    const specVersion = number < 20 ? 1 : 2;
    const budget = specs[specVersion - 1]!.maxTrials;
    const suggested = suggest({
      space,
      sampler,
      history,
      number,
      seed: spec.seed,
      replicates: spec.replicates,
      budget,
    });
    if (suggested === "exhausted") throw new Error("no point is left");
    const { params } = suggested;
    const values = [Math.cos(Number(params["a"])) + Math.sin(3 * Number(params["b"]) * Number(params["c"]))];
    const curve = { steps: [], values: [] };
    const endRevision = 2 * number + 2;
    history.addPending(number, params);
    history.end(number, { outcome: "completed", values, violation: 0, curve, revision: endRevision });
    return {
      number,
      state: "completed",
      params,
      formerPoints: [],
      values,
      violation: 0,
      metrics: {},
      curve,
      endRevision,
      sampler: suggested.sampler,
      historyRevision: 2 * number,
      specVersion,
      fixed: undefined,
    };
  });
}

test("suggestions follow from the budget that the study had when they were made", () => {
  const trials = runStudy();
  const same = (versions: readonly StudySpec[]): boolean[] =>
    [...replayStudy(versions, trials)].map(({ isSame }) => isSame);
  expect(same(specs)).toEqual(trials.map(() => true));
  expect(trials.map((trial) => replayTrial(specs, trials, trial)?.isSame)).toEqual(trials.map(() => true));
  const [first] = specs;
  expect(same([first!, first!]).slice(0, 20)).toEqual(Array.from({ length: 20 }, () => true));
  expect(same([first!, first!])).toContain(false);
});
