import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_BEST } from "../optimizer/analysis/best.ts";
import { createHistory } from "../optimizer/history.ts";
import { type SamplerSpec, createSampler } from "../optimizer/samplers/index.ts";
import type { Sampler } from "../optimizer/samplers/sampler.ts";
import { createSpace } from "../optimizer/space/space.ts";
import { suggest } from "../optimizer/suggest.ts";
import type { Engine } from "./engine.ts";
import { type Heavy, createHeavy } from "./heavy/heavy.ts";
import { createThread } from "./heavy/thread.ts";
import type { LiveStudy } from "./live-study.ts";
import { createPreparer, nextSuggestion } from "./next-suggestion.ts";
import { specDefaults } from "./spec.ts";

const domain = { kind: "real", low: -1, high: 1, log: false, step: undefined } as const;
const parameters = ["x", "y"].map((name) => ({ name, domain, condition: undefined, default: undefined }));
const { objectives } = specDefaults;
const log = { info: () => {}, warn: () => {} };

let heavy: Heavy;
/** What the worker thread was asked for, in order. */
let calls: string[];

beforeEach(() => {
  const real = createHeavy({ log, threads: [createThread(2 ** 24)] });
  calls = [];
  heavy = {
    ...real,
    run(...args) {
      calls.push("run");
      return real.run(...args);
    },
    speculate(...args) {
      calls.push("speculate");
      return real.speculate(...args);
    },
  };
});
afterEach(() => heavy.stop());

/** A study in memory with some results, and an engine that knows it; of the clock only what is looked at. */
function createStudy(sampler: SamplerSpec, clock: object = {}) {
  const space = createSpace(parameters);
  const history = createHistory(space, objectives);
  const live = {
    id: 1,
    createdAt: new Date(),
    spec: { ...specDefaults, parameters, sampler, seed: 3 },
    space,
    history,
    sampler: createSampler(sampler, space, objectives),
    best: NO_BEST,
    lock: <T>(task: () => Promise<T>) => task(),
    refresh: async () => ({
      state: "active",
      counts: { running: 0, waiting: 0 },
      nextNumber: history.size,
      readAt: new Date(),
      ...clock,
    }),
  } as unknown as LiveStudy;
  const studies = { open: async () => live, peek: () => Promise.resolve(live), drop: () => {} };
  const engine = { heavy, studies, log } as unknown as Engine;
  const tell = (): void => {
    const number = history.size;
    const x = Math.sin(number);
    history.addPending(number, { x, y: x * x - 0.5 });
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values: [x], violation: 0, curve, revision: number + 1 });
  };
  for (let i = 0; i < 30; i++) tell();
  const prepare = createPreparer(engine);
  const prepared = async (): Promise<void> => {
    prepare(live.id);
    // Nothing here waits for a database: after this turn it has begun.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const expected = () =>
    suggest({
      space,
      history,
      sampler: createSampler(sampler, space, objectives),
      number: history.size,
      seed: 3,
      replicates: 1,
    });
  return { live, engine, tell, prepared, expected };
}

test("a suggestion begun when a result arrived is handed out, and is what would have been computed", async () => {
  const { live, engine, prepared, expected } = createStudy({ kind: "gp" });
  await prepared();
  expect(await nextSuggestion(engine, live, {})).toEqual(expected());
  expect(calls).toEqual(["speculate"]);
});

test("a suggestion begun before the newest result, or without the values that are fixed, is not handed out", async () => {
  const { live, engine, tell, prepared, expected } = createStudy({ kind: "gp" });
  await prepared();
  tell();
  expect(await nextSuggestion(engine, live, {})).toEqual(expected());
  await prepared();
  const fixed = await nextSuggestion(engine, live, { x: 0.25 });
  expect(fixed).toMatchObject({ params: { x: 0.25 } });
  expect(calls).toEqual(["speculate", "run", "speculate", "run"]);
});

test.each([
  ["nobody may have it yet", { counts: { running: 4, waiting: 0 }, maxRunning: 4 }],
  ["the study has all its trials", { maxTrials: 30 }],
  ["others wait to be handed out first", { counts: { running: 0, waiting: 1 } }],
  ["the study is paused", { state: "paused" }],
])("nothing is begun when %s", async (_, clock) => {
  const { prepared } = createStudy({ kind: "gp" }, clock);
  await prepared();
  expect(calls).toEqual([]);
});

test("quick samplers stay on the main thread", async () => {
  const { live, engine, prepared, expected } = createStudy({ kind: "tpe" });
  await prepared();
  expect(await nextSuggestion(engine, live, {})).toEqual(expected());
  expect(calls).toEqual([]);
});

test("samplers learn how many trials the study may have", async () => {
  const { live, engine } = createStudy({ kind: "random" });
  const budgets: unknown[] = [];
  const sampler: Sampler = {
    suggest({ budget, history }) {
      budgets.push(budget);
      return { point: history.point(0).map((unit) => unit / 2), sampler: "half", reason: "a test" };
    },
  };
  await nextSuggestion(engine, { ...live, sampler, spec: { ...live.spec, maxTrials: 40 } }, {});
  await nextSuggestion(engine, { ...live, sampler }, {});
  expect(budgets).toEqual([40, undefined]);
});
