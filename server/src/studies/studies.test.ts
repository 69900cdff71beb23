import type { Pool } from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { useTestStudies } from "../../../test/support/studies.ts";
import { createPool } from "../store/pool.ts";
import { createStore } from "../store/store.ts";
import type { AskOptions } from "./ask-types.ts";
import { type Studies, createStudies } from "./index.ts";
import { openLiveStudy } from "./open-live-study.ts";
import type { SpecDraft } from "./create-study.ts";
import { specDefaults } from "./spec.ts";
import type { TellOptions } from "./tell.ts";

const silent = { info: () => {}, warn: () => {} };
const own = useTestStudies();
let pool: Pool;
let studies: Studies;
let projectId: number;
let names = 0;

beforeAll(() => void ({ pool, studies, projectId } = own));

const draft: SpecDraft = {
  ...specDefaults,
  parameters: [
    {
      name: "x",
      domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
      condition: undefined,
      default: undefined,
    },
  ],
  sampler: { kind: "random" },
  seed: 1,
};

async function create({ name = `study-${++names}`, ...spec }: Partial<SpecDraft> & { name?: string } = {}) {
  await studies.create({
    projectId,
    name,
    displayName: "",
    labels: {},
    attributes: {},
    note: "",
    spec: { ...draft, ...spec },
    allowExisting: false,
    validateOnly: false,
  });
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
const ask = (ref: { projectId: number; name: string }, options: Partial<AskOptions> = {}) =>
  studies.ask(ref, { ...asking, ...options });
const telling: Omit<TellOptions, "number"> = {
  leaseToken: "",
  values: [1],
  metrics: {},
  state: undefined,
  failure: "",
  requestId: "",
};
const tell = (ref: { projectId: number; name: string }, number: number, options: Partial<TellOptions> = {}) =>
  studies.tell(ref, { ...telling, number, ...options });

test("a study is asked, reported and told until its budget is used", async () => {
  const ref = await create({ maxTrials: 3 });
  for (let number = 0; number < 3; number++) {
    const { trials } = await ask(ref);
    expect(trials.map((trial) => trial.number)).toEqual([number]);
    const leaseToken = trials[0]?.leaseToken ?? "";
    const report = await studies.report(ref, {
      number,
      leaseToken,
      step: 1,
      values: [0.5],
      metrics: { seconds: 2 },
    });
    expect(report.stop).toBeUndefined();
    expect(report.leaseExpiresAt?.getTime()).toBeGreaterThan(Date.now());
    const told = await tell(ref, number, { leaseToken, values: [number] });
    expect(told.trial).toMatchObject({ state: "completed", values: [number] });
    expect(told.studyState).toBe(number === 2 ? "finished" : "active");
  }
  expect(await ask(ref)).toMatchObject({ trials: [], studyState: "finished" });
  const study = await studies.get(ref);
  expect(study.clock).toMatchObject({
    finishReason: "max-trials",
    best: { number: 0, value: 0 },
    counts: { completed: 3, running: 0 },
  });
  expect((await studies.getTrial(ref, 1)).measurements).toMatchObject([
    { step: 1, values: [0.5], metrics: { seconds: 2 } },
  ]);
});

test("a hundred askers at once get different numbers without a gap and never more than the budgets", async () => {
  const ref = await create({ maxTrials: 150, maxRunning: 60 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(ref)));
  const numbers = answers.flatMap(({ trials }) => trials.map(({ number }) => number));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index));
  await Promise.all(numbers.map((number) => tell(ref, number, { values: [Math.random()] })));
  const more = await ask(ref, { count: 1_000 });
  expect(more.trials).toHaveLength(60);
});

test("two replicas that ask the same study at once hand out each number once", async () => {
  const ref = await create({ sampler: { kind: "tpe" } });
  const others = createPool(own.connection);
  const second = createStudies({ store: createStore(others, others), log: silent });
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? studies : second).ask(ref, asking)),
  );
  const numbers = answers.flatMap(({ trials }) => trials.map(({ number }) => number));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, index) => index));
  await second.stop();
  await others.end();
});

test("a tell answers the trial as it is read afterwards, wherever it was handed out and whatever has become of it", async () => {
  const { parameters } = draft;
  const choice = { kind: "categorical", choices: ["a", null, true], ordered: false } as const;
  const ref = await create({
    parameters: [...parameters, { name: "y", domain: choice, condition: undefined, default: undefined }],
    sampler: { kind: "gp" },
  });
  const second = createStudies({ store: createStore(pool, pool), log: silent });
  try {
    await ask(ref, { worker: 'node "7"', count: 3, fixed: { y: null } });
    await second.ask(ref, { ...asking, count: 3 });
    await ask(ref, { worker: "comes back" });
    await ask(ref, { worker: "comes back", resume: true });
    await studies.setAttributes(ref, 1, { note: "changed while it ran" });
    const outcomes: Partial<TellOptions>[] = [
      { values: [-0], metrics: { size: Infinity } },
      { values: [NaN] },
      { state: "pruned", values: [] },
      { failure: "out of memory", values: [] },
      { values: [-1e-300], leaseToken: "4-1" },
      { state: "pruned", values: [3] },
      { leaseToken: "6-2" },
    ];
    for (const [number, options] of outcomes.entries()) {
      const { trial } = await tell(ref, number, options);
      expect(await studies.getTrial(ref, number)).toMatchObject(trial);
    }
  } finally {
    await second.stop();
  }
});

test("the same request id gets the first answer, and with other content a refusal", async () => {
  const ref = await create();
  const first = await ask(ref, { requestId: "a", count: 2 });
  const again = await ask(ref, { requestId: "a", count: 2 });
  expect(again.trials.map(({ number, params, leaseToken }) => ({ number, params, leaseToken }))).toEqual(
    first.trials.map(({ number, params, leaseToken }) => ({ number, params, leaseToken })),
  );
  await expect(ask(ref, { requestId: "a", count: 3 })).rejects.toMatchObject({ reason: "REQUEST_ID_REUSED" });
  const told = await tell(ref, 0, { requestId: "t", values: [3] });
  expect((await tell(ref, 0, { requestId: "t", values: [3] })).trial).toEqual(told.trial);
  const zero = await tell(ref, 1, { requestId: "zero", values: [-0] });
  expect((await tell(ref, 1, { requestId: "zero", values: [-0] })).trial).toEqual(zero.trial);
  await expect(tell(ref, 0, { requestId: "t", values: [4] })).rejects.toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
  await expect(tell(ref, 0, { values: [3] })).rejects.toMatchObject({
    reason: "TRIAL_ALREADY_TERMINAL",
    metadata: { state: "TRIAL_STATE_COMPLETED", values: "[3]" },
  });
  expect((await studies.get(ref)).clock.nextNumber).toBe(2);
});

test("a trial whose worker fell silent goes to another worker, and the late result is kept", async () => {
  const ref = await create({ maxTrials: 1, leaseSeconds: 1 });
  const [first] = (await ask(ref, { worker: "silent" })).trials;
  const second = await ask(ref, { worker: "next", maxWaitMs: 60_000 });
  expect(second.trials).toMatchObject([
    {
      number: 0,
      attempt: 2,
      worker: "next",
      params: first?.params,
      leaseToken: expect.stringMatching(/^0-2-/),
    },
  ]);
  await expect(tell(ref, 0, { values: [1] })).rejects.toMatchObject({ reason: "LEASE_REQUIRED" });
  await tell(ref, 0, { leaseToken: "0-2", values: [2] });
  await expect(tell(ref, 0, { leaseToken: "0-1", values: [1] })).rejects.toMatchObject({
    reason: "LEASE_LOST",
  });
  expect(
    await studies.report(ref, { number: 0, leaseToken: "0-1", step: 1, values: [1], metrics: {} }),
  ).toMatchObject({ stop: "trial-ended" });
  expect(await studies.getTrial(ref, 0)).toMatchObject({
    values: [2],
    lateObservations: [{ attempt: 1, values: [1] }],
  });
});

test("of each attempt one late result is kept, and whoever tells another one hears that it is not", async () => {
  const ref = await create({ leaseSeconds: 1 });
  await ask(ref);
  await expect.poll(async () => (await studies.getTrial(ref, 0)).state).toBe("waiting");
  await ask(ref, { leaseSeconds: 600 });
  await tell(ref, 0, { leaseToken: "0-2", values: [2] });
  const late = { leaseToken: "0-1", values: [-Infinity], metrics: { loss: NaN } };
  for (let time = 0; time < 2; time++)
    await expect(tell(ref, 0, late)).rejects.toMatchObject({ reason: "LEASE_LOST" });
  for (const other of [{ values: [3] }, { metrics: {} }, { state: "pruned" as const }]) {
    await expect(tell(ref, 0, { ...late, ...other })).rejects.toMatchObject({
      reason: "TRIAL_ALREADY_TERMINAL",
      message: expect.stringContaining("attempt 1 has told another result"),
    });
  }
  expect(await studies.getTrial(ref, 0)).toMatchObject({
    values: [2],
    lateObservations: [{ attempt: 1, state: "completed", values: [-Infinity], metrics: { loss: NaN } }],
  });
});

test("a study that cannot be swept keeps no other one's leases from ending, and the log says why", async () => {
  const broken = await create({ leaseSeconds: 1 });
  const sound = await create({ leaseSeconds: 1 });
  const studyIds = [(await studies.get(broken)).id, (await studies.get(sound)).id];
  const store = createStore(pool, pool);
  const cause = new Error("its row is damaged");
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const swept = new Set<number>();
  const other = createStudies({
    store: {
      ...store,
      studiesWithExpiredLeases: async () => studyIds,
      async sweepLeases(studyId) {
        if (studyId === studyIds[0]) throw cause;
        swept.add(studyId);
        return store.sweepLeases(studyId);
      },
    },
    log: { info: () => {}, warn: (facts) => void warnings.push(facts) },
  });
  await expect.poll(() => [...swept]).toEqual([studyIds[1]]);
  expect(warnings).toContainEqual({ err: cause, studyId: studyIds[0] });
  await other.stop();
});

test("a tell after the lease has expired counts if nobody has told yet", async () => {
  const ref = await create({ leaseSeconds: 1 });
  await ask(ref);
  await expect.poll(async () => (await studies.getTrial(ref, 0)).state).toBe("waiting");
  expect((await tell(ref, 0, { leaseToken: "0-1", values: [7] })).trial).toMatchObject({
    state: "completed",
    values: [7],
  });
});

test("a worker that reports after its lease has expired gets the trial back while nobody else has it", async () => {
  const ref = await create({ leaseSeconds: 1 });
  await ask(ref);
  await expect.poll(async () => (await studies.getTrial(ref, 0)).state).toBe("waiting");
  let step = 4;
  const report = async () => {
    const answer = await studies.report(ref, {
      number: 0,
      leaseToken: "0-1",
      step,
      values: [1],
      metrics: {},
    });
    expect(answer.stop).toBeUndefined();
    step += 1;
    return await studies.getTrial(ref, 0);
  };
  // On a busy machine the second that it has may be over before it is looked at, and it reports again.
  await expect.poll(report).toMatchObject({ state: "running", attempt: 1 });
});

test("a worker that gets its trial back has a lease as long as the one that it had asked for", async () => {
  const ref = await create({ leaseSeconds: 600 });
  const [trial] = (await ask(ref, { leaseSeconds: 1.5 })).trials;
  await expect.poll(async () => (await studies.getTrial(ref, 0)).state).toBe("waiting");
  const report = { number: 0, leaseToken: trial!.leaseToken, step: 1, values: [1], metrics: {} };
  // On a busy machine the lease may be over again before it is looked at.
  const lease = async () => {
    await studies.report(ref, report);
    const { rows } = await pool.query<{ lease_seconds: number }>(
      "select lease_seconds from running join study on id = study_id where name = $1",
      [ref.name],
    );
    return rows;
  };
  await expect.poll(lease).toEqual([{ lease_seconds: 1.5 }]);
});

test("a worker gets its trial back although the trial changes at the moment when it reports", async () => {
  const ref = await create();
  const [trial] = (await ask(ref, { leaseSeconds: 1 })).trials;
  await expect.poll(async () => (await studies.getTrial(ref, 0)).state).toBe("waiting");
  const store = createStore(pool, pool);
  let attempts = 0;
  const other = createStudies({
    store: { ...store, reclaimLease: async (...lease) => ++attempts > 1 && store.reclaimLease(...lease) },
    log: silent,
  });
  const report = { number: 0, leaseToken: trial!.leaseToken, step: 1, values: [1], metrics: {} };
  expect(await other.report(ref, report)).toMatchObject({ stop: undefined });
  expect(attempts).toBe(2);
  await other.stop();
});

test("enqueued points come out first, complete, and once; imported ones count and teach", async () => {
  const ref = await create({ maxTrials: 5 });
  const [seed] = await studies.enqueue(ref, [{ params: { x: 0.25 }, attributes: { why: "guess" } }], "e");
  expect(seed).toMatchObject({
    number: 0,
    state: "waiting",
    params: { x: 0.25 },
    attributes: { why: "guess" },
  });
  expect(
    await studies.enqueue(ref, [{ params: { x: 0.25 }, attributes: { why: "guess" } }], "e"),
  ).toHaveLength(1);
  const imported = {
    params: { x: 0.5 },
    attributes: {},
    values: [0.1],
    metrics: {},
    state: undefined,
    failure: "",
    measurements: [],
    startedAt: undefined,
    endedAt: undefined,
  };
  const [old] = await studies.import(ref, [imported], "");
  expect(old).toMatchObject({ number: 1, state: "completed", values: [0.1], sampler: "imported" });
  const { trials } = await ask(ref, { count: 2 });
  expect(trials.map(({ number, sampler }) => ({ number, sampler }))).toEqual([
    { number: 0, sampler: "enqueued" },
    { number: 2, sampler: "random" },
  ]);
  expect((await studies.get(ref)).clock.best).toEqual({ number: 1, value: 0.1 });
  await expect(
    studies.enqueue(
      ref,
      Array.from({ length: 3 }, () => ({ params: {}, attributes: {} })),
      "",
    ),
  ).rejects.toMatchObject({ reason: "BUDGET_EXHAUSTED" });
  await expect(studies.enqueue(ref, [{ params: { x: 2 }, attributes: {} }], "")).rejects.toMatchObject({
    reason: "PARAMETER_OUT_OF_DOMAIN",
  });
});

test("an imported trial of which only the end is known did not begin after it", async () => {
  const ref = await create({});
  const endedAt = new Date("2020-02-03T04:05:06Z");
  const [trial] = await studies.import(
    ref,
    [
      {
        params: { x: 0.5 },
        attributes: {},
        values: [0.1],
        metrics: {},
        state: undefined,
        failure: "",
        measurements: [],
        startedAt: undefined,
        endedAt,
      },
    ],
    "",
  );
  expect(trial).toMatchObject({ startedAt: endedAt, endedAt });
});

test("a finite space is tried point by point and then finishes the study", async () => {
  const choices = ["a", "b", "c", "d"];
  const ref = await create({
    parameters: [
      {
        name: "c",
        domain: { kind: "categorical", choices, ordered: false },
        condition: undefined,
        default: undefined,
      },
    ],
  });
  const answers = await Promise.all(choices.map(() => ask(ref, { count: 1 })));
  const trials = answers.flatMap((answer) => answer.trials);
  expect(trials.map(({ params }) => params["c"])).toEqual(expect.arrayContaining(choices));
  expect(await ask(ref)).toMatchObject({ trials: [], studyState: "active" });
  for (const { number } of trials) await tell(ref, number);
  expect(await ask(ref)).toMatchObject({ trials: [], studyState: "finished" });
  expect((await studies.get(ref)).clock.finishReason).toBe("space-exhausted");
});

test("using up the points with some fixed value does not finish a study that has others", async () => {
  const choices = ["a", "b"];
  const domain = { kind: "categorical", choices, ordered: false } as const;
  const parameter = { name: "c", domain, condition: undefined, default: undefined };
  const ref = await create({ parameters: [parameter] });
  const { trials } = await ask(ref, { fixed: { c: "a" } });
  await tell(ref, trials[0]?.number ?? -1);
  expect(await ask(ref, { fixed: { c: "a" } })).toMatchObject({ trials: [], studyState: "active" });
  expect((await ask(ref)).trials).toMatchObject([{ params: { c: "b" } }]);
});

test("asks for many more trials than one statement makes are all answered", async () => {
  const ref = await create();
  const answers = await Promise.all([900, 900, 900, 1].map((count) => ask(ref, { count })));
  // How they share statements depends on which of them arrive together, but nobody goes away with nothing.
  for (const { trials } of answers) expect(trials.length).toBeGreaterThan(0);
  const numbers = answers.flatMap(({ trials }) => trials.map(({ number }) => number));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index));
});

test("the server holds the stopping rules", async () => {
  const target = await create({ targetValue: 0.1 });
  await ask(target, { count: 2 });
  expect((await tell(target, 0, { values: [0.05] })).studyState).toBe("finished");
  expect((await studies.get(target)).clock.finishReason).toBe("target-reached");
  expect(
    await studies.report(target, { number: 1, leaseToken: "", step: 1, values: [1], metrics: {} }),
  ).toMatchObject({ stop: "study-finished" });
  await expect(studies.resume(target)).rejects.toMatchObject({
    reason: "LIMIT_REACHED",
    message: "the study would finish again at once: target_value still holds; change it first",
  });

  const patient = await create({ patience: 2 });
  await ask(patient, { count: 3 });
  await tell(patient, 0, { values: [1] });
  await tell(patient, 1, { values: [2] });
  expect((await tell(patient, 2, { values: [3] })).studyState).toBe("finished");

  const failing = await create({ maxFailureRate: 0.5 });
  await ask(failing, { count: 20 });
  for (let number = 0; number < 20; number++)
    await tell(failing, number, number < 10 ? { state: "failed", values: [] } : {});
  expect((await studies.get(failing)).clock).toMatchObject({ state: "finished", finishReason: "failures" });

  const short = await create({ maxDurationSeconds: 1 });
  await expect.poll(async () => (await studies.get(short)).clock.finishReason).toBe("max-duration");
});

test("an ask for more trials than are sampled in time gets fewer, and they are all that are handed out", async () => {
  const ref = await create();
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 50));
  try {
    const { trials } = await ask(ref, { count: 1_000 });
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.length).toBeLessThan(1_000);
    expect((await studies.get(ref)).clock.counts.running).toBe(trials.length);
  } finally {
    clock.mockRestore();
  }
});

test("time limits go by the database's clock, whatever the server's own says", async () => {
  const long = await create({ maxDurationSeconds: 3_600 });
  const short = await create({ maxDurationSeconds: 1 });
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: now + 86_400_000 });
  try {
    expect((await ask(long)).trials).toHaveLength(1);
    vi.setSystemTime(now - 86_400_000);
    await expect.poll(async () => (await ask(short)).studyState).toBe("finished");
    expect((await studies.get(short)).clock.finishReason).toBe("max-duration");
  } finally {
    vi.useRealTimers();
  }
});

test("a paused study hands out nothing until it is resumed", async () => {
  const ref = await create();
  await studies.pause(ref);
  expect(await ask(ref)).toMatchObject({ trials: [], studyState: "paused" });
  await studies.resume(ref);
  expect((await ask(ref)).trials).toHaveLength(1);
});

test("a worker that comes back under its name gets its unfinished trial, fenced from its former self", async () => {
  const ref = await create();
  await ask(ref, { worker: "phoenix" });
  const back = await ask(ref, { worker: "phoenix", resume: true });
  expect(back.trials).toMatchObject([{ number: 0, attempt: 2 }]);
  expect(
    await studies.report(ref, { number: 0, leaseToken: "0-1", step: 1, values: [1], metrics: {} }),
  ).toMatchObject({ stop: "lease-lost" });
});

test("a NaN is a failed trial, an infinity a value, a missing metric a refusal", async () => {
  const ref = await create({ constraints: [{ metric: "memory", upper: 10 }] });
  await ask(ref, { count: 4 });
  expect((await tell(ref, 0, { values: [NaN] })).trial).toMatchObject({ state: "failed", values: [] });
  expect((await tell(ref, 1, { values: [Infinity], metrics: { memory: 12 } })).trial).toMatchObject({
    state: "completed",
    values: [Infinity],
    violation: 2,
  });
  await expect(tell(ref, 2, { values: [1] })).rejects.toMatchObject({ reason: "METRIC_MISSING" });
  await expect(tell(ref, 2, { values: [1, 2] })).rejects.toMatchObject({ reason: "INVALID_REQUEST" });
  expect((await tell(ref, 2, { values: [], metrics: { value: 5, memory: NaN } })).trial.violation).toBe(
    Infinity,
  );
  expect((await studies.get(ref)).clock.best).toBeUndefined();
});

test("samplers learn how far inside or outside each constraint a trial was", async () => {
  const constraints = [
    { metric: "memory", upper: 10 },
    { metric: "seconds", upper: 2 },
  ];
  const ref = await create({ constraints });
  await ask(ref, { count: 4 });
  await tell(ref, 2, { values: [1], metrics: { seconds: -Infinity, other: 7, memory: 12.5 } });
  const { rows } = await pool.query<{ id: number }>("select id from study order by id desc limit 1");
  const live = await openLiveStudy(createStore(pool, pool), rows[0]!.id);
  await live.refresh();
  await tell(ref, 0, { values: [], state: "infeasible", metrics: { memory: 11 } });
  await tell(ref, 1, { values: [1], metrics: { seconds: 1, memory: NaN } });
  await live.refresh();
  expect([0, 1, 2, 3].map((number) => [...live.history.excesses(number)])).toEqual([
    [1, NaN],
    [NaN, -1],
    [2.5, -Infinity],
    [NaN, NaN],
  ]);
  expect([0, 1, 2].map((number) => live.history.violation(number))).toEqual([0, Infinity, 2.5]);
});

test("studies that have grown since they were opened are forgotten when they take too much memory", async () => {
  const store = createStore(pool, pool);
  const opened: number[] = [];
  const small = createStudies({
    store: {
      ...store,
      async readStudy(id) {
        opened.push(id);
        return store.readStudy(id);
      },
    },
    log: silent,
    maxCacheBytes: 300_000,
  });
  try {
    const refs = [await create(), await create()];
    for (const ref of refs) await small.ask(ref, asking);
    expect(opened).toHaveLength(2);
    for (const ref of refs) await small.ask(ref, { ...asking, count: 1_000 });
    for (const ref of refs) await small.ask(ref, asking);
    expect(opened.length).toBeGreaterThan(2);
    for (const ref of refs) expect((await small.ask(ref, asking)).trials).toMatchObject([{ number: 1_002 }]);
  } finally {
    await small.stop();
  }
});

test("many trials that are added at once leave other callers their turns", async () => {
  const [x] = draft.parameters;
  const parameters = Array.from({ length: 32 }, (_, index) => ({ ...x!, name: `x${index}` }));
  const ref = await create({ parameters, sampler: { kind: "tpe" } });
  await ask(ref, { count: 50 });
  for (let number = 0; number < 50; number++) await tell(ref, number, { values: [number] });
  const store = createStore(pool, pool);
  let turns = 0;
  let isAdding = false;
  const turn = (): void => {
    turns++;
    if (isAdding) setImmediate(turn);
  };
  const other = createStudies({
    store: {
      ...store,
      async findRequests(...query) {
        const found = await store.findRequests(...query);
        // From here on no database is waited for until the trials are written.
        isAdding = true;
        turns = 0;
        setImmediate(turn);
        return found;
      },
      async add(batch) {
        isAdding = false;
        return store.add(batch);
      },
    },
    log: silent,
  });
  const seed = { params: {}, attributes: {} };
  const imported = { ...seed, values: [1], metrics: {}, state: undefined, failure: "", measurements: [] };
  const many = Array.from({ length: 5_000 }, (_, index) => ({
    ...imported,
    params: Object.fromEntries(parameters.map(({ name }) => [name, index / 5_000])),
    startedAt: undefined,
    endedAt: undefined,
  }));
  try {
    await other.enqueue(ref, Array(1_000).fill(seed), "");
    expect(turns).toBeGreaterThanOrEqual(3);
    await other.import(ref, many, "");
    expect(turns).toBeGreaterThanOrEqual(3);
  } finally {
    await other.stop();
  }
});

test("a trial that is told elsewhere is not remembered where it was handed out", async () => {
  const ref = await create();
  const { id } = await studies.get(ref);
  const here = await openLiveStudy(createStore(pool, pool), id);
  const { trials } = await ask(ref, { count: 2 });
  await here.refresh();
  for (const trial of trials) here.handed.keep(trial);
  await tell(ref, 0);
  await here.refresh();
  expect(here.handed.take(0)).toBeUndefined();
  expect(here.handed.take(1)).toMatchObject({ number: 1 });
});

test("a large study is read in many turns of the event loop, so that other callers have theirs", async () => {
  const ref = await create();
  const rest = { metrics: {}, state: undefined, failure: "", measurements: [], attributes: {} };
  const times = { startedAt: undefined, endedAt: undefined };
  const count = 10_000;
  await studies.import(
    ref,
    Array.from({ length: count }, (_, i) => ({ ...rest, ...times, values: [i], params: { x: i / count } })),
    "",
  );
  const { rows } = await pool.query<{ id: number }>("select id from study order by id desc limit 1");
  const store = createStore(pool, pool);
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  const live = await openLiveStudy(
    {
      ...store,
      async trialsByNumber(...query) {
        const page = await store.trialsByNumber(...query);
        // From here on no database is waited for: whatever turns there are, the reader gives.
        if (page.at(-1)?.number === count - 1) setImmediate(turn);
        return page;
      },
    },
    rows[0]!.id,
  );
  await live.refresh();
  isOver = true;
  expect(live.history.ended).toHaveLength(count);
  expect(live.best).toMatchObject({ number: 0, value: 0 });
  expect(turns).toBeGreaterThanOrEqual(8);
});

describe("linear constraints", () => {
  const domain = { kind: "integer", low: 0, high: 9, log: false, step: 1 } as const;
  const rest = { condition: undefined, default: undefined };
  const parameters = ["a", "b"].map((name) => ({ name, domain, ...rest }));
  const sumAtMost = (upper: number) => {
    const terms = [
      { parameter: "a", coefficient: 1 },
      { parameter: "b", coefficient: 1 },
    ];
    return [{ terms, upper }];
  };

  test("are kept by every trial, until every point that keeps them has been tried", async () => {
    for (const kind of ["auto", "exhaustive", "grid"] as const) {
      const ref = await create({ parameters, linearConstraints: sumAtMost(3), sampler: { kind } });
      const sums: number[] = [];
      for (;;) {
        const { trials } = await ask(ref);
        const [trial] = trials;
        if (trial === undefined) break;
        sums.push(Number(trial.params["a"]) + Number(trial.params["b"]));
        await tell(ref, trial.number, { values: [sums.length] });
      }
      expect(sums.toSorted((a, b) => a - b)).toEqual([0, 1, 1, 2, 2, 2, 3, 3, 3, 3]);
      expect((await studies.get(ref)).clock.state).toBe("finished");
    }
  });

  test("refuse fixed, enqueued and imported points that break them, by name", async () => {
    const ref = await create({ parameters, linearConstraints: sumAtMost(3) });
    const broken = (field: string) => ({
      reason: "PARAMETER_OUT_OF_DOMAIN",
      problems: [{ field, description: "breaks linear_constraints[0]: a + b is 4, expected at most 3" }],
    });
    const params = { a: 1, b: 3 };
    await expect(ask(ref, { fixed: params })).rejects.toMatchObject(broken("fixed_params"));
    const seeds = [
      { params: { b: 3 }, attributes: {} },
      { params, attributes: {} },
    ];
    await expect(studies.enqueue(ref, seeds, "")).rejects.toMatchObject(broken("trials[1].params"));
    await expect(ask(ref, { fixed: { b: 4 } })).rejects.toMatchObject({
      problems: [{ description: "leaves the other parameters no values that keep a + b ≤ 3" }],
    });
    await studies.enqueue(ref, [{ params: { b: 3 }, attributes: {} }], "");
    expect((await ask(ref)).trials[0]?.params).toEqual({ a: 0, b: 3 });
  });

  test("that no point keeps make no study", async () => {
    await expect(create({ parameters, linearConstraints: sumAtMost(-1) })).rejects.toMatchObject({
      problems: [
        {
          field: "study.linear_constraints",
          description: "a + b ≤ -1 is not accepted: expected constraints that some point of the space keeps",
        },
      ],
    });
  });

  test("belong to what a study is: under the same name there is no other one", async () => {
    const ref = await create({ parameters, linearConstraints: sumAtMost(3) });
    const again = (linearConstraints: SpecDraft["linearConstraints"]) =>
      studies.create({
        ...ref,
        displayName: "",
        labels: {},
        attributes: {},
        note: "",
        spec: { ...draft, parameters, linearConstraints },
        allowExisting: true,
        validateOnly: false,
      });
    expect((await again(sumAtMost(3))).study.spec.linearConstraints).toEqual(sumAtMost(3));
    await expect(again(sumAtMost(4))).rejects.toMatchObject({ reason: "SPACE_MISMATCH" });
    await expect(again([])).rejects.toMatchObject({ reason: "SPACE_MISMATCH" });
  });
});

test("a study whose limits its owner has changed is still the one of those who ask for it as it was made", async () => {
  const ref = await create({ maxTrials: 20 });
  const again = (spec: Partial<SpecDraft>) =>
    studies.create({
      ...ref,
      displayName: "",
      labels: {},
      attributes: {},
      note: "",
      spec: { ...draft, ...spec },
      allowExisting: true,
      validateOnly: false,
    });
  await studies.update(ref, undefined, (study) => ({ ...study, spec: { ...study.spec, maxTrials: 60 } }));
  await studies.update(ref, undefined, (study) => ({
    ...study,
    spec: { ...study.spec, pruner: { kind: "none" } },
  }));
  for (const spec of [
    { maxTrials: 20 },
    { maxTrials: 60 },
    { maxTrials: 60, pruner: { kind: "none" } },
  ] as const) {
    expect(await again(spec)).toMatchObject({
      created: false,
      study: { spec: { maxTrials: 60, pruner: { kind: "none" } } },
    });
  }
  await expect(again({ maxTrials: 20, pruner: { kind: "none" } })).rejects.toMatchObject({
    reason: "SPACE_MISMATCH",
    message: expect.stringContaining(
      "differs in max_trials (60 there, 20 here): change it by UpdateStudy",
    ) as string,
  });
  await expect(again({ maxTrials: 20, seed: 2 })).rejects.toMatchObject({
    reason: "SPACE_MISMATCH",
    message: expect.stringMatching(/seed \(1 there, 2 here\): choose another study_id$/) as string,
  });
});

test("a pruned trial keeps its last report as its value", async () => {
  const ref = await create();
  await ask(ref);
  for (const step of [1, 3, 2])
    await studies.report(ref, { number: 0, leaseToken: "", step, values: [step / 10], metrics: {} });
  const { trial } = await tell(ref, 0, { state: "pruned", values: [] });
  expect(trial).toMatchObject({ state: "pruned", values: [0.3] });
  expect((await studies.getTrial(ref, 0)).measurements.map(({ step }) => step)).toEqual([1, 2, 3]);
});

describe("a study that was deleted", () => {
  test("is gone with its trials", async () => {
    const ref = await create();
    await ask(ref);
    await expect(studies.delete(ref, false)).rejects.toMatchObject({ reason: "STUDY_NOT_EMPTY" });
    await studies.delete(ref, true);
    await expect(ask(ref)).rejects.toMatchObject({ reason: "STUDY_NOT_FOUND" });
    await expect.poll(async () => (await pool.query("select from deleted_study")).rowCount).toBe(0);
  });

  test("leaves its workers nothing to say about the study that took its name", async () => {
    const ref = await create();
    const [former] = (await ask(ref, { worker: "former" })).trials;
    await studies.delete(ref, true);
    await create({ name: ref.name });
    await ask(ref, { worker: "new" });
    const { number, leaseToken } = former!;
    await expect(tell(ref, number, { leaseToken })).rejects.toMatchObject({ reason: "TRIAL_NOT_FOUND" });
    const report = { number, leaseToken, step: 1, values: [1], metrics: {} };
    await expect(studies.report(ref, report)).rejects.toMatchObject({ reason: "TRIAL_NOT_FOUND" });
    await expect(studies.renew(ref, number, leaseToken)).rejects.toMatchObject({ reason: "TRIAL_NOT_FOUND" });
    expect(await studies.getTrial(ref, number)).toMatchObject({ state: "running", measurements: [] });
  });

  test("is not mistaken for the one that took its name by a replica that knew it", async () => {
    const ref = await create();
    await ask(ref, { count: 3 });
    const second = createStudies({ store: createStore(pool, pool), log: silent });
    try {
      const list = { pageSize: 0, pageToken: "", filter: "", orderBy: "", isWhole: false };
      expect(await second.findTrials(ref, "")).toEqual([0, 1, 2]);
      await studies.delete(ref, true);
      await create({ name: ref.name });
      const { trials } = await ask(ref);
      await tell(ref, 0, { leaseToken: trials[0]!.leaseToken });
      expect(await second.findTrials(ref, "")).toEqual([0]);
      expect(await second.listTrials(ref, list)).toMatchObject({
        total: 1,
        trials: [{ state: "completed" }],
      });
      expect(await second.best(ref, 1)).toMatchObject({ trials: [{ number: 0 }] });
      expect(await second.getTrial(ref, 0)).toMatchObject({ state: "completed" });
      const again = await second.ask(ref, asking);
      await second.tell(ref, { ...telling, number: 1, leaseToken: again.trials[0]!.leaseToken });
    } finally {
      await second.stop();
    }
  });
});

test("a change between the looks at trials and at their study is shown at once", async () => {
  const store = createStore(pool, pool);
  const ref = await create();
  let looks = 0;
  const watched = createStudies({
    store: {
      ...store,
      async readStudy(id) {
        // After the watcher has read its page of trials, before it reads the study.
        if (++looks === 1) await ask(ref, {});
        return store.readStudy(id);
      },
    },
    log: silent,
  });
  const stop = new AbortController();
  const begun = performance.now();
  for await (const { trials } of watched.watch(ref, "", stop.signal)) if (trials !== undefined) break;
  // Its next look of itself would be a heartbeat later, after 15 s.
  expect(performance.now() - begun).toBeLessThan(14_000);
  expect(looks).toBeGreaterThan(0);
  await watched.stop();
});

test("watching shows each change once and in order, from a cursor too", async () => {
  const ref = await create();
  await ask(ref, { count: 3 });
  const stop = new AbortController();
  const seen: number[] = [];
  const reader = (async () => {
    for await (const event of studies.watch(ref, "0", stop.signal)) {
      seen.push(...(event.trials ?? []).map(({ revision }) => revision));
      if (seen.length >= 6) stop.abort();
    }
  })();
  await expect.poll(() => seen.length, { interval: 10 }).toBe(3);
  for (let number = 0; number < 3; number++) {
    await tell(ref, number);
    await expect.poll(() => seen.length, { interval: 10 }).toBe(4 + number);
  }
  await reader;
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

test("watching in columns shows a large study in pages, then its changes, from a cursor too", async () => {
  const ref = await create();
  const trial = { values: [1], metrics: {}, state: undefined, failure: "", measurements: [], attributes: {} };
  const times = { startedAt: undefined, endedAt: undefined };
  const count = 5_100;
  await studies.import(
    ref,
    Array.from({ length: count }, (_, i) => ({ ...trial, ...times, params: { x: i / count } })),
    "",
  );
  const stop = new AbortController();
  const pages: { numbers: readonly number[]; x: readonly number[]; cursor: string }[] = [];
  const reader = (async () => {
    for await (const { trials, cursor } of studies.watchColumns(ref, "0", stop.signal)) {
      if (trials === undefined) continue;
      pages.push({ numbers: trials.numbers, x: trials.params[0] ?? [], cursor });
      if (trials.states[0] === 2) break;
    }
  })();
  await expect.poll(() => pages.flatMap(({ numbers }) => numbers).length).toBe(count);
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flatMap(({ numbers }) => numbers)).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(pages.flatMap(({ x }) => x)).toEqual(Array.from({ length: count }, (_, i) => i / count));
  await ask(ref);
  await reader;
  expect(pages.at(-1)?.numbers).toEqual([count]);
  const resumed = studies.watchColumns(ref, pages[0]!.cursor, stop.signal);
  const rest: number[] = [];
  for await (const { trials } of resumed) {
    rest.push(...(trials?.numbers ?? []));
    if (rest.at(-1) === count) break;
  }
  expect(rest).toEqual(
    Array.from({ length: count + 1 - pages[0]!.numbers.length }, (_, i) => pages[0]!.numbers.length + i),
  );
});
