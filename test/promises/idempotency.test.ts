import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { insertStudy } from "../../server/src/store/study/index.ts";
import { type AskJson, type TrialJson, Refusal } from "../chaos/api.ts";
import { type Json, startMs, useReplicas } from "./replica-set.ts";

/* Promise 2: a retry never doubles. Every mutation, sent one to four times at once to different replicas, is the same as once. */

const set = useReplicas(4);

/** One mutation: what must be there before, and the request. */
interface Mutation {
  readonly method: string;
  /** Fields of the study. */
  readonly study?: object;
  prepare?(study: string): Promise<unknown>;
  request(study: string): object;
  /** What else than the first answer a repeat may get: a refusal that says that it has been done. */
  readonly repeatRefusal?: string;
}

const ask = (study: string, count = 1) =>
  set.call<AskJson>(0, "TrialService/AskTrials", { study, count, worker: "w" });

const enqueue = (study: string) =>
  set.call(0, "TrialService/EnqueueTrials", { study, trials: [{ params: { lr: 0.02, layers: 5 } }] });

const mutations: Readonly<Record<string, Mutation>> = {
  AskTrials: {
    method: "TrialService/AskTrials",
    request: (study) => ({ study, worker: "w", requestId: "ask-1" }),
  },
  "AskTrials for several": {
    method: "TrialService/AskTrials",
    request: (study) => ({ study, count: 5, requestId: "ask-1", fixedParams: { layers: 7 } }),
  },
  "AskTrials for enqueued trials": {
    method: "TrialService/AskTrials",
    prepare: (study) => set.call(0, "TrialService/EnqueueTrials", { study, trials: [{}, {}, {}] }),
    request: (study) => ({ study, count: 2, requestId: "ask-1" }),
  },
  "AskTrials that resumes": {
    method: "TrialService/AskTrials",
    prepare: (study) => ask(study, 2),
    request: (study) => ({ study, worker: "w", resume: true, requestId: "ask-1" }),
  },
  ReportTrial: {
    method: "TrialService/ReportTrial",
    prepare: (study) => ask(study),
    request: (study) => ({ trial: `${study}/trials/0`, step: 1, values: [0.5], metrics: { seconds: 2 } }),
  },
  RenewLease: {
    method: "TrialService/RenewLease",
    prepare: (study) => ask(study),
    request: (study) => ({ leases: [{ trial: `${study}/trials/0` }] }),
  },
  TellTrial: {
    method: "TrialService/TellTrial",
    prepare: (study) => ask(study),
    request: (study) => ({ trial: `${study}/trials/0`, values: [0.5], requestId: "tell-1" }),
  },
  "TellTrial of the last trial": {
    method: "TrialService/TellTrial",
    study: { maxTrials: 1 },
    prepare: (study) => ask(study),
    request: (study) => ({ trial: `${study}/trials/0`, values: ["NaN"], requestId: "tell-1" }),
  },
  "TellTrial of a pruned trial": {
    method: "TrialService/TellTrial",
    prepare: async (study) => {
      await ask(study);
      await set.call(0, "TrialService/ReportTrial", { trial: `${study}/trials/0`, step: 1, values: [0.25] });
    },
    request: (study) => ({ trial: `${study}/trials/0`, state: "TRIAL_STATE_PRUNED", requestId: "tell-1" }),
  },
  EnqueueTrials: {
    method: "TrialService/EnqueueTrials",
    request: (study) => ({ study, trials: [{ params: { layers: 3 } }, {}], requestId: "enqueue-1" }),
  },
  ImportTrials: {
    method: "TrialService/ImportTrials",
    request: (study) => ({
      study,
      trials: [{ params: { lr: 0.01, layers: 3 }, values: [1], measurements: [{ step: 1, values: [2] }] }],
      requestId: "import-1",
    }),
  },
  UpdateTrial: {
    method: "TrialService/UpdateTrial",
    prepare: (study) => ask(study),
    request: (study) => ({
      trial: { name: `${study}/trials/0`, attributes: { host: "a" } },
      updateMask: "attributes",
    }),
  },
  EditTrial: {
    method: "TrialService/EditTrial",
    prepare: (study) => enqueue(study),
    request: (study) => ({
      trial: `${study}/trials/0`,
      params: { lr: 0.01, layers: 3 },
      attributes: { why: "typo" },
      requestId: "edit-1",
    }),
  },
  CancelTrial: {
    method: "TrialService/CancelTrial",
    study: { maxTrials: 1 },
    prepare: (study) => enqueue(study),
    request: (study) => ({ trial: `${study}/trials/0`, reason: "a mistake", requestId: "cancel-1" }),
  },
  "CancelTrial without a request id": {
    method: "TrialService/CancelTrial",
    prepare: (study) => enqueue(study),
    request: (study) => ({ trial: `${study}/trials/0` }),
    repeatRefusal: "TRIAL_STATE",
  },
  "CreateStudy that allows an existing one": {
    method: "StudyService/CreateStudy",
    request: (study) => ({
      studyId: `${study}-new`,
      study: { parameters: [{ name: "x", real: { low: 0, high: 1 } }], seed: 1 },
      allowExisting: true,
    }),
  },
  "CreateStudy of a new one": {
    method: "StudyService/CreateStudy",
    request: (study) => ({
      studyId: `${study}-new`,
      study: { parameters: [{ name: "x", real: { low: 0, high: 1 } }], seed: 1 },
    }),
    repeatRefusal: "STUDY_EXISTS",
  },
  UpdateStudy: {
    method: "StudyService/UpdateStudy",
    request: (study) => ({
      study: { name: study, maxTrials: 50, note: "longer", labels: { team: "a" } },
      updateMask: "maxTrials,note,labels",
    }),
  },
  PauseStudy: { method: "StudyService/PauseStudy", request: (study) => ({ study }) },
  ResumeStudy: {
    method: "StudyService/ResumeStudy",
    prepare: (study) => set.call(0, "StudyService/PauseStudy", { study }),
    request: (study) => ({ study }),
  },
  FinishStudy: { method: "StudyService/FinishStudy", request: (study) => ({ study }) },
  DeleteStudy: {
    method: "StudyService/DeleteStudy",
    prepare: (study) => ask(study, 3),
    request: (study) => ({ study, force: true }),
    repeatRefusal: "STUDY_NOT_FOUND",
  },
};

/** What differs between two studies that have been through the same: names, times, and how often somebody asked. */
const incidental = new Set([
  "name",
  "trial",
  "etag",
  "revision",
  "endRevision",
  "historyRevision",
  "created",
]);

/** JSON without what is incidental. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      (incidental.has(key) || key.endsWith("Time")) && typeof inner !== "object"
        ? []
        : [[key, key === "leaseToken" ? withoutStudy(String(inner)) : essence(inner)]],
    ),
  );
}

/** The trial's number and the attempt of a lease token, whose last part is the study's. */
const withoutStudy = (leaseToken: string): string => leaseToken.replace(/^(\d+-\d+)-\w+$/, "$1");

/** Everything that the API says of a study, and what the tables hold besides. */
async function stateOf(study: string): Promise<unknown> {
  const read = async (method: string, message: object) =>
    set
      .call(1, method, message)
      .catch((error: unknown) => (error instanceof Refusal ? error.reason : Promise.reject(error as Error)));
  const trials = (await read("TrialService/ListTrials", { study })) as { trials?: TrialJson[] };
  const { rows } = await set.pool.query(
    `select c.next_number, c.waiting, c.running, c.completed, c.pruned, c.failed,
       (select count(*) from running r where r.study_id = d.id) as leases,
       (select count(*) from curve_part i where i.study_id = d.id) as reports,
       (select count(*) from late_observation o where o.study_id = d.id) as late
     from study d join study_clock c on c.study_id = d.id where d.name in ($1, $2) order by d.name`,
    [study, `${study}-new`],
  );
  return essence({
    study: await read("StudyService/GetStudy", { study }),
    other: await read("StudyService/GetStudy", { study: `${study}-new` }),
    whole: await Promise.all(
      (trials.trials ?? []).map(({ name }) => read("TrialService/GetTrial", { trial: name })),
    ),
    rows,
  });
}

/** Prepares a study, makes the request so many times at once at different replicas, and answers the answers and the state after. */
async function perform(mutation: Mutation, times: number): Promise<{ answers: unknown[]; state: unknown }> {
  const study = await set.createStudy(mutation.study);
  await mutation.prepare?.(study);
  const answers = await Promise.all(
    Array.from({ length: times }, async (_, replica) => {
      try {
        return essence(await set.call(replica, mutation.method, mutation.request(study)));
      } catch (error) {
        if (error instanceof Refusal && error.reason === mutation.repeatRefusal) return "done already";
        throw error;
      }
    }),
  );
  return { answers, state: await stateOf(study) };
}

describe.each(Object.entries(mutations))("%s", (_name, mutation) => {
  test(
    "sent one to four times at once to different replicas is the same as once",
    { timeout: startMs },
    async () => {
      const once = await perform(mutation, 1);
      for (const times of [2, 3, 4, 4]) {
        const repeated = await perform(mutation, times);
        expect(repeated.state).toEqual(once.state);
        const done = repeated.answers.filter((answer) => answer !== "done already");
        if (mutation.repeatRefusal !== undefined) expect(done).toHaveLength(1);
        for (const answer of done) expect(answer).toEqual(once.answers[0]);
      }
    },
  );
});

test(
  "a repeat long after the first answer, at another replica, gets the first answer",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy();
    const request = { study, worker: "w", count: 2, requestId: "r" };
    const first = await set.call<AskJson>(0, "TrialService/AskTrials", request);
    await set.call(1, "TrialService/AskTrials", { study, count: 3 });
    await set.call(2, "TrialService/TellTrial", { trial: `${study}/trials/0`, values: [1], requestId: "t" });
    const again = await set.call<AskJson>(3, "TrialService/AskTrials", request);
    const given = ({ trials }: AskJson) =>
      trials.map(({ name, params, leaseToken }) => ({ name, params, leaseToken }));
    expect(given(again)).toEqual(given(first));
  },
);

test("a request id names one request: with other content it is refused", { timeout: startMs }, async () => {
  const study = await set.createStudy();
  await set.call(0, "TrialService/AskTrials", { study, requestId: "r" });
  await set.call(0, "TrialService/TellTrial", { trial: `${study}/trials/0`, values: [1], requestId: "t" });
  const refused = { reason: "REQUEST_ID_REUSED", status: 400 };
  await expect(
    set.call(1, "TrialService/AskTrials", { study, count: 2, requestId: "r" }),
  ).rejects.toMatchObject(refused);
  await expect(
    set.call(2, "TrialService/EnqueueTrials", { study, trials: [{}], requestId: "r" }),
  ).rejects.toMatchObject(refused);
  await expect(
    set.call(3, "TrialService/TellTrial", { trial: `${study}/trials/0`, values: [2], requestId: "t" }),
  ).rejects.toMatchObject(refused);
});

test(
  "a tell under another request id is refused, and says what the result is",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy();
    await ask(study);
    const tell = (replica: number, value: number) =>
      set.call(replica, "TrialService/TellTrial", {
        trial: `${study}/trials/0`,
        values: [value],
        requestId: `t-${replica}`,
      });
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map((replica) => tell(replica, replica)));
    const accepted = outcomes.flatMap(({ status }, value) => (status === "fulfilled" ? [value] : []));
    expect(accepted).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      expect(outcome.reason).toMatchObject({
        reason: "TRIAL_ALREADY_TERMINAL",
        metadata: { state: "TRIAL_STATE_COMPLETED", values: `[${accepted[0]}]` },
      });
    }
  },
);

test("asks without a request id are requests of their own", { timeout: startMs }, async () => {
  const study = await set.createStudy();
  const answers = await Promise.all(
    [0, 1, 2, 3].map((replica) =>
      set.call<{ trials: Json[] }>(replica, "TrialService/AskTrials", { study, worker: "w" }),
    ),
  );
  expect(new Set(answers.flatMap(({ trials }) => trials.map((trial) => trial["number"])))).toEqual(
    new Set([0, 1, 2, 3]),
  );
});

test("a creation that the server writes twice, because its connection broke under the first, is one study", async () => {
  const { rows } = await set.pool.query<{ id: number }>("select id from project");
  const limits = { maxTrials: undefined, maxRunning: undefined, maxAttempts: 3, goal: 1 };
  const texts = { displayName: "", labels: {}, attributes: {}, note: "", spec: {}, sources: [] };
  const study = { projectId: rows[0]?.id ?? 0, name: "twice", uid: randomUUID(), ...texts, ...limits };
  const id = await insertStudy(set.pool, study);
  expect(id).toBeGreaterThan(0);
  expect(await insertStudy(set.pool, study)).toBe(id);
  expect(await insertStudy(set.pool, { ...study, uid: randomUUID() })).toBeUndefined();
});
