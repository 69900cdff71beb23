import type { Pool } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createRandom } from "../../../test/chaos/random.ts";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { migrate } from "../store/migrate.ts";
import { createPool, keyLookups } from "../store/pool.ts";
import { StoreUnavailableError } from "../store/retry.ts";
import { type Store, createStore } from "../store/store.ts";
import type { AskAnswer, AskOptions } from "./ask-types.ts";
import type { StudyRef } from "./directory.ts";
import { type Studies, createStudies } from "./index.ts";
import type { SpecDraft } from "./create-study.ts";
import { type ReplayTrial, replayStudy } from "./replay.ts";
import { type StudySpec, specDefaults } from "./spec.ts";

/* A batch of asks is planned while the one before is still being written, which may fail, or be refused, or nobody knows. */

const silent = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log: silent })),
});
type Ask = Store["ask"];
/** How the asked replica's statements go; the other replica has none of it. */
let doAsk: (ask: Ask, ...batch: Parameters<Ask>) => ReturnType<Ask>;
/** The batches that the asked replica has sent. */
let batches: Parameters<Ask>[0][];
/** Called when the asked replica begins to plan a batch. */
let onPlan: () => void;
/** How often the asked replica has read a clock. */
let looks = 0;
let pool: Pool;
let studies: Studies;
let other: Studies;
let projectId: number;
let names = 0;

beforeAll(async () => {
  pool = createPool(database.connection, { settings: keyLookups });
  const store = createStore(pool, pool);
  const watched: Store = {
    ...store,
    ask(batch) {
      batches.push(batch);
      return doAsk(store.ask, batch);
    },
    findRequests(...keys) {
      onPlan();
      return store.findRequests(...keys);
    },
    readClock(id) {
      looks++;
      return store.readClock(id);
    },
  };
  studies = createStudies({ store: watched, log: silent });
  other = createStudies({ store, log: silent });
  const { rows } = await pool.query<{ id: number }>("select id from project");
  projectId = rows[0]?.id ?? 0;
});
afterAll(async () => {
  await studies.stop();
  await other.stop();
  await pool.end();
});

// However slow the machine is, batches count as quick: only then is one planned beside another.
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

async function create(spec: Partial<SpecDraft> = {}): Promise<StudyRef> {
  const name = `study-${++names}`;
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const draft: SpecDraft = {
    ...specDefaults,
    parameters: [{ name: "x", domain, condition: undefined, default: undefined }],
    sampler: { kind: "tpe", startupTrials: 2 },
    seed: 1,
    ...spec,
  };
  doAsk = (ask, batch) => ask(batch);
  batches = [];
  onPlan = () => {};
  const study = { displayName: "", labels: {}, attributes: {}, note: "", spec: draft };
  await studies.create({ projectId, name, allowExisting: false, validateOnly: false, ...study });
  return { projectId, name };
}

const asking: AskOptions = {
  count: 1,
  worker: "w",
  requestId: "",
  fixed: {},
  leaseSeconds: undefined,
  resume: false,
  maxWaitMs: 0,
};
const ask = (ref: StudyRef, options: Partial<AskOptions> = {}) => studies.ask(ref, { ...asking, ...options });
const numbersOf = ({ trials }: AskAnswer) => trials.map(({ number }) => number);
const tell = (to: Studies, ref: StudyRef, number: number) =>
  to.tell(ref, {
    number,
    leaseToken: "",
    values: [Math.sin(number)],
    metrics: {},
    state: undefined,
    failure: "",
    requestId: "",
  });

/** Holds the next batch of asks back until `go` is called; `held` answers when it would have been sent. */
function holdNext(goes: (ask: Ask, ...batch: Parameters<Ask>) => ReturnType<Ask>) {
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  doAsk = async (send, batch) => {
    doAsk = (next, later) => next(later);
    held.resolve();
    await gate.promise;
    return goes(send, batch);
  };
  return { held: held.promise, go: () => gate.resolve() };
}

/** Answers when the asked replica has planned a batch. */
async function planned(): Promise<void> {
  await new Promise<void>((resolve) => (onPlan = resolve));
  onPlan = () => {};
  await new Promise((resolve) => setImmediate(resolve));
}

/** That the study's trials are dense, and every one is what its recorded history makes it. */
async function expectSound(ref: StudyRef, size: number): Promise<readonly ReplayTrial[]> {
  const specs: StudySpec[] = [];
  const trials: ReplayTrial[] = [];
  for await (const item of other.export(ref)) {
    if (item.kind === "spec") specs.push(item.spec);
    if (item.kind === "trial") trials.push({ ...item.trial, curve: { steps: [], values: [] } });
  }
  expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: size }, (_, index) => index));
  for (const { trial, computed } of replayStudy(specs, trials)) {
    expect(computed, `trial ${trial.number}`).toEqual(trial.params);
  }
  return trials;
}

/** A study with results, which the suggestions rest on. */
async function createWithResults(spec: Partial<SpecDraft> = {}): Promise<StudyRef> {
  const ref = await create(spec);
  for (const { number } of (await ask(ref, { count: 5 })).trials) await tell(studies, ref, number);
  batches = [];
  return ref;
}

test("a batch is planned beside the one before, from the results that came in meanwhile", async () => {
  const ref = await createWithResults();
  const running = numbersOf(await ask(ref, { count: 3 }));
  batches = [];
  const first = holdNext((send, batch) => send(batch));
  const one = ask(ref, { count: 2 });
  await first.held;
  await tell(studies, ref, running[1] ?? -1);
  const isPlanned = planned();
  const two = ask(ref, { count: 2 });
  await isPlanned;
  expect(batches).toHaveLength(1);
  first.go();
  expect(numbersOf(await one)).toEqual([8, 9]);
  expect(numbersOf(await two)).toEqual([10, 11]);
  expect(batches).toMatchObject([
    { nextNumber: 8, historyRevision: 13 },
    { nextNumber: 10, historyRevision: 14 },
  ]);
  await expectSound(ref, 12);
});

test("a batch that another replica was faster than takes the plans behind it along", async () => {
  const ref = await createWithResults();
  const first = holdNext((send, batch) => send(batch));
  const one = ask(ref, { count: 2 });
  await first.held;
  const isPlanned = planned();
  const two = ask(ref, { count: 3 });
  await isPlanned;
  expect(numbersOf(await other.ask(ref, { ...asking, fixed: { x: 0.25 } }))).toEqual([5]);
  first.go();
  const numbers = [...numbersOf(await one), ...numbersOf(await two)];
  expect(numbers.toSorted((a, b) => a - b)).toEqual([6, 7, 8, 9, 10]);
  await expectSound(ref, 11);
});

test.each(["before", "after"])(
  "a batch that fails %s it was written leaves the numbers behind it dense and their history true",
  async (when) => {
    const ref = await createWithResults();
    const first = holdNext(async (send, batch) => {
      if (when === "after") await send(batch);
      throw new StoreUnavailableError("lost", true, new Error("Connection terminated unexpectedly"));
    });
    const failed = ask(ref, { count: 2 }).catch((error: unknown) => error);
    await first.held;
    const isPlanned = planned();
    const two = ask(ref, { count: 3 });
    await isPlanned;
    first.go();
    expect(await failed).toBeInstanceOf(StoreUnavailableError);
    const start = when === "after" ? 7 : 5;
    expect(numbersOf(await two)).toEqual([start, start + 1, start + 2]);
    expect(numbersOf(await ask(ref))).toEqual([start + 3]);
    await expectSound(ref, start + 4);
  },
);

test("budgets count what is in flight, and give back what was not written", async () => {
  for (const isWritten of [true, false]) {
    const ref = await createWithResults({ maxRunning: 5 });
    const first = holdNext((send, batch) => {
      if (isWritten) return send(batch);
      throw new StoreUnavailableError("unreachable", false, new Error("connect ECONNREFUSED"));
    });
    const one = ask(ref, { count: 4 }).then(numbersOf, () => "failed");
    await first.held;
    const isPlanned = planned();
    const two = ask(ref, { count: 9 });
    await isPlanned;
    first.go();
    expect(await one).toEqual(isWritten ? [5, 6, 7, 8] : "failed");
    expect(numbersOf(await two)).toEqual(isWritten ? [9] : [5, 6, 7, 8, 9]);
    await expectSound(ref, 10);
  }
});

test("a worker that comes back finds the trial that is in flight to it", async () => {
  const ref = await createWithResults();
  const first = holdNext((send, batch) => send(batch));
  const one = ask(ref, { worker: "node-7" });
  await first.held;
  const two = ask(ref, { worker: "node-7", resume: true });
  first.go();
  expect(numbersOf(await one)).toEqual([5]);
  expect(numbersOf(await two)).toEqual([5]);
});

test("the same request, sent again while its batch is in flight, gets the same trials", async () => {
  const ref = await createWithResults();
  const first = holdNext((send, batch) => send(batch));
  const one = ask(ref, { requestId: "k", count: 2 });
  await first.held;
  const isPlanned = planned();
  const two = ask(ref, { requestId: "k", count: 2 });
  await isPlanned;
  first.go();
  expect(numbersOf(await one)).toEqual([5, 6]);
  expect(numbersOf(await two)).toEqual([5, 6]);
  await expectSound(ref, 7);
});

test("asks in a row look at the study once, until something else changes it", async () => {
  const ref = await createWithResults();
  await ask(ref);
  await ask(ref);
  const before = looks;
  for (let number = 7; number < 12; number++) expect(numbersOf(await ask(ref))).toEqual([number]);
  expect(looks).toBe(before);
  await tell(studies, ref, 8);
  expect(numbersOf(await ask(ref))).toEqual([12]);
  expect(looks).toBeGreaterThan(before);
  const { trials } = await ask(ref, { fixed: { x: 0.5 } });
  expect(trials).toMatchObject([{ number: 13, params: { x: 0.5 } }]);
  await expectSound(ref, 14);
});

describe("an ask that did not look at the study sees all the same that another replica", () => {
  /** After these, the asked replica has looked and found nothing new. */
  const askTwice = async (ref: StudyRef) => {
    await ask(ref);
    await ask(ref);
    batches = [];
  };

  test("has told a result", async () => {
    const ref = await createWithResults();
    await askTwice(ref);
    await tell(other, ref, 5);
    // Five asks and five tells, two asks and the tell.
    expect((await ask(ref)).trials).toMatchObject([{ number: 7, historyRevision: 13 }]);
    expect(batches).toMatchObject([
      { historyRevision: 12, revision: 12 },
      { historyRevision: 13, revision: undefined },
    ]);
    await expectSound(ref, 8);
  });

  test("has made room", async () => {
    const ref = await create({ maxRunning: 3 });
    await askTwice(ref);
    await tell(other, ref, 0);
    // There seems to be room for one.
    const both = await Promise.all([ask(ref), ask(ref)]);
    expect(both.flatMap(numbersOf).toSorted((a, b) => a - b)).toEqual([2, 3]);
    await tell(other, ref, 1);
    expect(numbersOf(await ask(ref))).toEqual([4]);
    await expectSound(ref, 5);
  });

  test("has paused or deleted the study, or ended it by its rules", async () => {
    const ref = await create({ targetValue: -1 });
    await askTwice(ref);
    await other.pause(ref);
    expect(await ask(ref)).toMatchObject({ trials: [], studyState: "paused" });
    await other.resume(ref);
    await askTwice(ref);
    const options = { leaseToken: "", metrics: {}, state: undefined, failure: "", requestId: "" };
    await other.tell(ref, { ...options, number: 1, values: [-2] });
    expect(await ask(ref)).toMatchObject({ trials: [], studyState: "finished" });
    await expectSound(ref, 4);
    const gone = await create();
    await askTwice(gone);
    await other.delete(gone, true);
    await expect(ask(gone)).rejects.toMatchObject({ reason: "STUDY_NOT_FOUND" });
  });
});

test("whatever becomes of the batches of two replicas, trials are dense, handed out once, and replay", async () => {
  for (const seed of [1, 2]) {
    const ref = await createWithResults({ maxRunning: 40 });
    const random = createRandom(seed);
    const handed: number[] = [];
    doAsk = async (send, batch) => {
      for (let turn = Math.floor(random() * 20); turn > 0; turn--) await new Promise(setImmediate);
      const fate = random();
      if (fate < 0.1) throw new StoreUnavailableError("unreachable", false, new Error("connect"));
      const grants = await send(batch);
      if (fate < 0.2) throw new StoreUnavailableError("lost", true, new Error("lost"));
      return grants;
    };
    const worker = async (index: number) => {
      for (let round = 0; round < 8; round++) {
        const at = index % 4 === 3 ? other : studies;
        const request = { ...asking, requestId: `${seed}-${index}-${round}`, count: 1 + (index % 2) };
        for (;;) {
          const answer = await at.ask(ref, request).catch((error: unknown) => {
            if (!(error instanceof StoreUnavailableError)) throw error;
          });
          if (answer === undefined) continue;
          handed.push(...numbersOf(answer));
          for (const number of numbersOf(answer)) await tell(index % 2 === 0 ? studies : other, ref, number);
          if (answer.trials.length > 0) break;
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => worker(index)));
    expect(handed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 144 }, (_, index) => 5 + index));
    const trials = await expectSound(ref, 149);
    expect(trials.every(({ state }) => state === "completed")).toBe(true);
  }
});
