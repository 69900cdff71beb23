import { TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { type ExportStudyResponse, StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { readExport } from "../../server/src/rpc/read-export.ts";
import { replayStudy, replayTrial } from "../../server/src/studies/replay.ts";
import { type AskJson, type TrialJson, Refusal, newRequestId } from "../chaos/api.ts";
import { startMs, useReplicas } from "./replica-set.ts";

/*
 * What people do with trials that wait for a worker holds the promises: an edit is durable, is made once for its key, never changes what a
 * worker has been given, whatever replica it came from, and leaves every suggestion to be replayed.
 */

const set = useReplicas(2);
const timeout = startMs;

type Waiting = TrialJson & {
  readonly revision: string;
  readonly formerPoints: readonly { readonly params: object; readonly untilRevision: string }[];
};

async function enqueue(study: string, ...points: object[]): Promise<Waiting[]> {
  const trials = points.map((params) => ({ params }));
  return (await set.call<{ trials: Waiting[] }>(0, "TrialService/EnqueueTrials", { study, trials })).trials;
}

const edit = async (replica: number, trial: Waiting, params: object, fields: object = {}): Promise<Waiting> =>
  (
    await set.call<{ trial: Waiting }>(replica, "TrialService/EditTrial", {
      trial: trial.name,
      params,
      ...fields,
    })
  ).trial;

const cancel = (replica: number, trial: Waiting, fields: object = {}) =>
  set.call<{ trial: Waiting; studyState: string }>(replica, "TrialService/CancelTrial", {
    trial: trial.name,
    ...fields,
  });

const ask = async (replica: number, study: string, fields: object = {}): Promise<readonly TrialJson[]> =>
  (await set.call<AskJson>(replica, "TrialService/AskTrials", { study, worker: "w", ...fields })).trials;

const read = async (replica: number, trial: { name: string }): Promise<Waiting> =>
  (await set.call<{ trial: Waiting }>(replica, "TrialService/GetTrial", { trial: trial.name })).trial;

/** The reason of a refusal; undefined if there was none. */
async function refusal(calling: Promise<unknown>): Promise<string | undefined> {
  try {
    await calling;
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

test("the next worker at any replica gets the edited point, whole", { timeout }, async () => {
  const study = await set.createStudy();
  // Both replicas know the study, and the first point.
  await Promise.all([ask(0, study), ask(1, study)]);
  const [trial] = await enqueue(study, { lr: 0.001, layers: 3 });
  const edited = await edit(0, trial!, { lr: 0.002, layers: 4 }, { attributes: { why: "typo" } });
  expect(edited).toMatchObject({ params: { lr: 0.002, layers: 4 }, state: "TRIAL_STATE_WAITING" });
  expect(edited.formerPoints).toEqual([{ params: { lr: 0.001, layers: 3 }, untilRevision: edited.revision }]);
  expect(await read(1, trial!)).toEqual({ ...edited });
  const [handed] = await ask(1, study);
  expect(handed).toMatchObject({ number: trial!.number, params: edited.params, attributes: { why: "typo" } });
  expect(await refusal(edit(0, trial!, { lr: 0.003, layers: 5 }))).toBe("TRIAL_STATE");
  expect((await read(0, trial!)).params).toEqual(edited.params);
});

test("watchers at another replica see the edit and the cancellation", { timeout }, async () => {
  const study = await set.createStudy();
  const [trial] = await enqueue(study, { lr: 0.001, layers: 3 });
  const client = createClient(StudyService, createGrpcTransport({ baseUrl: set.replicas[1]?.url ?? "" }));
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${set.token}` };
  const seen: unknown[] = [];
  for await (const { trials } of client.watchStudy(
    { study, cursor: "0" },
    { headers, signal: stop.signal },
  )) {
    for (const { params, state } of trials) seen.push([state, params?.["layers"]]);
    if (seen.length === 1) await edit(0, trial!, { lr: 0.001, layers: 4 });
    if (seen.length === 2) await cancel(0, trial!);
    if (seen.length === 3) break;
  }
  stop.abort();
  expect(seen).toEqual([
    [TrialState.WAITING, 3],
    [TrialState.WAITING, 4],
    [TrialState.FAILED, 4],
  ]);
});

test(
  "when an edit and hand-outs meet, the worker trains what is stored, and the edit says who won",
  { timeout },
  async () => {
    const study = await set.createStudy();
    await Promise.all([ask(0, study), ask(1, study)]);
    for (let round = 0; round < 60; round++) {
      const lr = (round + 1) * 1e-4;
      const [trial] = await enqueue(study, { lr, layers: 3 });
      // Each of them is faster now and then; those who fix the point as it was must not get it as it is then.
      const fixedParams = round % 2 === 0 ? {} : { layers: 3 };
      const [refused, ...handed] = await Promise.all([
        refusal(edit(round % 2, trial!, { lr, layers: 4 })),
        ask(0, study, { fixedParams }),
        ask(1, study, { fixedParams }),
      ]);
      const stored = await read(0, trial!);
      const wasEdited = refused === undefined;
      expect([undefined, "TRIAL_STATE"]).toContain(refused);
      expect(stored.params).toEqual(wasEdited ? { lr, layers: 4 } : { lr, layers: 3 });
      const holders = handed.flat().filter(({ number }) => number === trial!.number);
      expect(holders.length).toBeLessThanOrEqual(1);
      for (const holder of holders) expect(holder.params).toEqual(stored.params);
      if (!wasEdited) expect(holders).toHaveLength(1);
      for (const { params } of handed.flat()) expect(params).toMatchObject(fixedParams);
      if (holders.length === 0) await cancel(1, trial!);
    }
  },
);

test("of two edits of what both have read, one is made", { timeout }, async () => {
  const study = await set.createStudy();
  for (let round = 0; round < 15; round++) {
    const lr = (round + 1) * 1e-4;
    const [trial] = await enqueue(study, { lr, layers: 3 });
    const { revision } = trial!;
    const outcomes = await Promise.all(
      [0, 1].map((replica) => refusal(edit(replica, trial!, { lr, layers: 10 + replica }, { revision }))),
    );
    expect(new Set(outcomes)).toEqual(new Set(["ETAG_MISMATCH", undefined]));
    const stored = await read(1, trial!);
    expect(stored.params).toMatchObject({ layers: 10 + outcomes.indexOf(undefined) });
    expect(stored.formerPoints).toHaveLength(1);
  }
});

test(
  "an edit and a cancellation are made once for their request id, whatever replicas they are repeated at",
  { timeout },
  async () => {
    const study = await set.createStudy();
    const [trial] = await enqueue(study, { lr: 0.001, layers: 3 });
    const params = { lr: 0.002, layers: 4 };
    const requestId = newRequestId();
    const answers = await Promise.all([0, 1, 0, 1].map((at) => edit(at, trial!, params, { requestId })));
    for (const answer of answers) expect(answer).toMatchObject({ params });
    expect((await read(0, trial!)).formerPoints).toHaveLength(1);
    expect(await refusal(edit(0, trial!, { lr: 0.002, layers: 5 }, { requestId }))).toBe("REQUEST_ID_REUSED");
    expect(await refusal(cancel(0, trial!, { requestId }))).toBe("REQUEST_ID_REUSED");
    const again = { requestId: newRequestId(), reason: "the wrong data set" };
    const ended = await Promise.all([0, 1, 0, 1].map((at) => cancel(at, trial!, again)));
    for (const { trial: answer } of ended)
      expect(answer).toMatchObject({
        state: "TRIAL_STATE_FAILED",
        failure: "the wrong data set",
        attempt: 0,
      });
    expect(await refusal(cancel(1, trial!))).toBe("TRIAL_STATE");
    // Answered as it is by now.
    expect(await edit(1, trial!, params, { requestId })).toMatchObject({
      state: "TRIAL_STATE_FAILED",
      params,
    });
  },
);

test("a finite study keeps its points apart: an edit cannot take another trial's", { timeout }, async () => {
  const parameters = [{ name: "layers", integer: { low: 1, high: 40 } }];
  const study = await set.createStudy({ parameters });
  for (let round = 0; round < 6; round++) {
    const [one, two] = await enqueue(study, { layers: 3 * round + 1 }, { layers: 3 * round + 2 });
    const params = { layers: 3 * round + 3 };
    const outcomes = await Promise.all([refusal(edit(0, one!, params)), refusal(edit(1, two!, params))]);
    expect(new Set(outcomes)).toEqual(new Set(["INVALID_REQUEST", undefined]));
    // Its own point is nobody else's.
    await edit(0, outcomes[0] === undefined ? one! : two!, params);
  }
});

test(
  "a trial is edited a hundred times at most, and one that was handed out before not at all",
  { timeout },
  async () => {
    const study = await set.createStudy({ leaseDuration: "1s" });
    const [trial] = await enqueue(study, { lr: 0.001, layers: 3 });
    for (let layers = 1; layers <= 100; layers++) {
      await edit(layers % 2, trial!, { lr: 0.01, layers });
    }
    expect(await refusal(edit(0, trial!, { lr: 0.01, layers: 101 }))).toBe("TRIAL_STATE");
    const [lost] = await ask(0, study);
    expect(lost).toMatchObject({ number: trial!.number, params: { layers: 100 } });
    await set.call(0, "TrialService/ReportTrial", { trial: trial!.name, step: 1, values: [0.5] });
    await expect.poll(async () => (await read(0, trial!)).state).toBe("TRIAL_STATE_WAITING");
    expect(await refusal(edit(0, trial!, { lr: 0.01, layers: 1 }))).toBe("TRIAL_STATE");
    expect(await cancel(1, trial!)).toMatchObject({ trial: { state: "TRIAL_STATE_FAILED", attempt: 1 } });
    expect((await read(0, trial!)).measurements).toMatchObject([{ step: 1, values: [0.5] }]);
    const late = set.call(0, "TrialService/TellTrial", { trial: trial!.name, values: [1] });
    expect(await refusal(late)).toBe("LEASE_LOST");
  },
);

test(
  "cancelling the last trial finishes the study, and never counts as a failing worker or as a try in vain",
  { timeout },
  async () => {
    const study = await set.createStudy({ maxTrials: 24, maxFailureRate: 0.5 });
    const trials = await enqueue(study, ...Array.from({ length: 22 }, (_, at) => ({ layers: at + 1 })));
    for (const trial of trials) await cancel(trial.number % 2, trial);
    const tell = ({ name }: TrialJson) =>
      set.call<{ studyState: string }>(0, "TrialService/TellTrial", { trial: name, values: [1] });
    const [first, second] = [...(await ask(0, study)), ...(await ask(1, study))];
    expect(await tell(first!)).toMatchObject({ studyState: "STUDY_STATE_ACTIVE" });
    expect(await tell(second!)).toMatchObject({ studyState: "STUDY_STATE_FINISHED" });
    const patient = await set.createStudy({ patience: 2 });
    const [best] = await ask(0, patient);
    await tell(best!);
    for (const trial of await enqueue(patient, { layers: 1 }, { layers: 2 }, { layers: 3 })) {
      expect(await cancel(trial.number % 2, trial)).toMatchObject({ studyState: "STUDY_STATE_ACTIVE" });
    }
    const [third, fourth] = [...(await ask(0, patient)), ...(await ask(1, patient))];
    expect(await tell(third!)).toMatchObject({ studyState: "STUDY_STATE_ACTIVE" });
    expect(await tell(fourth!)).toMatchObject({ studyState: "STUDY_STATE_FINISHED" });
    const other = await set.createStudy({ maxTrials: 1 });
    const [last] = await enqueue(other, { layers: 5 });
    expect(await cancel(0, last!)).toMatchObject({ studyState: "STUDY_STATE_FINISHED" });
    const { study: finished } = await set.call<{ study: object }>(1, "StudyService/GetStudy", {
      study: other,
    });
    expect(finished).toMatchObject({
      finishReason: "FINISH_REASON_MAX_TRIALS",
      trialCounts: { total: 1, failed: 1, waiting: 0, running: 0 },
    });
  },
);

test(
  "suggestions that saw a point before it was edited are replayed with that point",
  { timeout },
  async () => {
    const parameters = [
      { name: "x", real: { low: 0, high: 1 } },
      { name: "kind", categorical: { choices: ["a", "b"] } },
    ];
    const study = await set.createStudy({ parameters, sampler: { tpe: { startupTrials: 4 } } });
    const waiting = await enqueue(study, ...Array.from({ length: 4 }, (_, at) => ({ x: at / 4, kind: "a" })));
    // These do not take what waits, so that suggestions are made around it.
    const fixedParams = { kind: "b" };
    for (let round = 0; round < 40; round++) {
      const [trial] = await ask(round % 2, study, { fixedParams });
      const x = Number(trial!.params["x"]);
      if (round % 5 !== 4) {
        await set.call(1, "TrialService/TellTrial", { trial: trial!.name, values: [(x - 0.3) ** 2] });
      }
      const which = waiting[round % 4]!;
      if (round % 3 === 0) await edit(round % 2, which, { x: ((round + 1) * 0.37) % 1, kind: "a" });
    }
    // Two of them run, one of these ends, and the others are edited on.
    const ran = [...(await ask(0, study)), ...(await ask(1, study))];
    await set.call(0, "TrialService/TellTrial", { trial: ran[0]!.name, values: [0.5] });
    for (let round = 0; round < 8; round++) {
      await edit(round % 2, waiting[2 + (round % 2)]!, { x: (round * 0.11) % 1, kind: "a" });
      await ask(round % 2, study, { fixedParams });
    }
    const client = createClient(StudyService, createGrpcTransport({ baseUrl: set.replicas[0]?.url ?? "" }));
    const headers = { authorization: `Bearer ${set.token}` };
    const exported: ExportStudyResponse[] = [];
    for await (const message of client.exportStudy({ study }, { headers })) exported.push(message);
    const { specs, trials } = readExport(exported);
    expect(trials.slice(0, 4).map(({ formerPoints }) => formerPoints.length)).toEqual([4, 3, 7, 8]);
    const replayed = [...replayStudy(specs, trials)];
    expect(replayed).toHaveLength(48);
    expect(replayed.filter(({ isSame }) => !isSame)).toEqual([]);
    expect(
      trials.flatMap((trial) => replayTrial(specs, trials, trial) ?? []).every(({ isSame }) => isSame),
    ).toBe(true);
    // Without what the trials were before, suggestions would not follow.
    const forgetful = trials.map((trial) => ({ ...trial, formerPoints: [] }));
    expect([...replayStudy(specs, forgetful)].some(({ isSame }) => !isSame)).toBe(true);
  },
);
