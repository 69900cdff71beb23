import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { migrate } from "../store/migrate.ts";
import { createPool, keyLookups } from "../store/pool.ts";
import { createStore } from "../store/store.ts";
import type { SpecDraft } from "./create-study.ts";
import type { StudyRef } from "./directory.ts";
import type { ImportedTrial } from "./imported-trial.ts";
import { type Studies, createStudies } from "./index.ts";
import { specDefaults } from "./spec.ts";

/* Rules that look at results hold although nobody asks: whoever watches a study sees that it is over. */

const silent = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log: silent })),
});
let pool: Pool;
let studies: Studies;
let projectId: number;
let names = 0;

beforeAll(async () => {
  pool = createPool(database.connection, { settings: keyLookups });
  studies = createStudies({ store: createStore(pool, pool), log: silent });
  const { rows } = await pool.query<{ id: number }>("select id from project");
  projectId = rows[0]?.id ?? 0;
});

afterAll(async () => {
  await studies.stop();
  await pool.end();
});

async function create(rules: Partial<SpecDraft>): Promise<StudyRef> {
  const ref = { projectId, name: `study-${++names}` };
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  await studies.create({
    ...ref,
    displayName: "",
    labels: {},
    attributes: {},
    note: "",
    spec: {
      ...specDefaults,
      parameters: [{ name: "x", domain, condition: undefined, default: undefined }],
      sampler: { kind: "random" },
      seed: 1,
      ...rules,
    },
    allowExisting: false,
    validateOnly: false,
  });
  return ref;
}

const clockOf = async (ref: StudyRef) => (await studies.get(ref)).clock;

/** Has a worker take trials of which nothing is heard again. */
const askInVain = (ref: StudyRef, count: number) =>
  studies.ask(ref, {
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
  await studies.import(ref, [good], "");
  expect(await clockOf(ref)).toMatchObject({ state: "finished", finishReason: "target-reached" });
});

test("a study finishes when its target is set to what was reached before", async () => {
  const ref = await create({});
  await studies.import(ref, [good], "");
  const { clock } = await studies.update(ref, undefined, (study) => ({
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
    states.push((await studies.cancel(ref, { number, reason: "", requestId: "" })).studyState);
  expect(states).toEqual([...Array.from({ length: 19 }, () => "active"), "finished"]);
});
