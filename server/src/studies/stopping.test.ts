import { expect, test } from "vitest";
import { useTestStudies } from "../../../test/support/studies.ts";
import type { SpecDraft } from "./create-study.ts";
import type { StudyRef } from "./directory.ts";
import type { ImportedTrial } from "./imported-trial.ts";
import { specDefaults } from "./spec.ts";

/* Rules that look at results hold although nobody asks: whoever watches a study sees that it is over. */

const own = useTestStudies();

const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
const create = (rules: Partial<SpecDraft>): Promise<StudyRef> =>
  own.create({
    ...specDefaults,
    parameters: [{ name: "x", domain, condition: undefined, default: undefined }],
    sampler: { kind: "random" },
    seed: 1,
    ...rules,
  });

const clockOf = async (ref: StudyRef) => (await own.studies.get(ref)).clock;

/** Has a worker take trials of which nothing is heard again. */
const askInVain = (ref: StudyRef, count: number) =>
  own.studies.ask(ref, {
    count,
    worker: "",
    requestId: "",
    fixed: {},
    leaseSeconds: 0.01,
    resume: false,
    maxWaitMs: 0,
  });

const good: ImportedTrial = {
  params: { x: 0.5 },
  attributes: {},
  values: [0.05],
  metrics: {},
  state: undefined,
  failure: "",
  measurements: [],
  startedAt: undefined,
  endedAt: undefined,
};

test("a study finishes when an imported trial reaches the target", async () => {
  const ref = await create({ targetValue: 0.1 });
  await own.studies.import(ref, [good], "");
  expect(await clockOf(ref)).toMatchObject({ state: "finished", finishReason: "target-reached" });
});

test("a study finishes when its target is set to what was reached before", async () => {
  const ref = await create({});
  await own.studies.import(ref, [good], "");
  const { clock } = await own.studies.update(ref, undefined, (study) => ({
    ...study,
    spec: { ...study.spec, targetValue: 0.1 },
  }));
  expect(clock).toMatchObject({ state: "finished", finishReason: "target-reached" });
});

test("a study whose workers all fell silent finishes by its failure rate", async () => {
  const ref = await create({ maxFailureRate: 1, maxAttempts: 1 });
  await askInVain(ref, 20);
  await expect.poll(() => clockOf(ref)).toMatchObject({ state: "finished", finishReason: "failures" });
});

test("a cancellation answers that the study has finished by its failure rate", async () => {
  const ref = await create({ maxFailureRate: 1 });
  await askInVain(ref, 20);
  await expect.poll(() => clockOf(ref)).toMatchObject({ counts: { waiting: 20 } });
  const states: string[] = [];
  for (let number = 0; number < 20; number++)
    states.push((await own.studies.cancel(ref, { number, reason: "", requestId: "" })).studyState);
  expect(states).toEqual([...Array.from({ length: 19 }, () => "active"), "finished"]);
});
