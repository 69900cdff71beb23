import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { AskJson, TrialJson } from "../chaos/api.ts";
import type { LeaseHolderOptions } from "./lease-holder.ts";
import { type Json, startMs, useReplicas } from "./replica-set.ts";

/* Promise 3: a dead worker strands nothing. A running trial is a lease with a fencing token. */

const set = useReplicas(2);

interface Holder {
  readonly trial: TrialJson;
  readonly process: ChildProcess;
  /** Has it report or tell; its answer. */
  order(line: string): Promise<Json>;
}

/** A worker that holds a trial. */
async function startHolder(study: string, renewMs: number): Promise<Holder> {
  const settings: LeaseHolderOptions = { url: set.replicas[0]?.url ?? "", token: set.token, study, renewMs };
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "lease-holder.ts"), JSON.stringify(settings)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>() => JSON.parse(String((await lines.next()).value)) as Answer;
  return {
    trial: await next<TrialJson>(),
    process: child,
    order(line) {
      child.stdin.write(`${line}\n`);
      return next<Json>();
    },
  };
}

/** Starts a worker that reports once and then stands still, as on a machine that was suspended; SIGCONT wakes it. */
async function startFrozen(study: string) {
  const frozen = await startHolder(study, 200);
  expect(await frozen.order("report 1 0.5")).toMatchObject({ shouldStop: false });
  frozen.process.kill("SIGSTOP");
  return frozen;
}

/** Asks until the study hands out something. */
async function askUntilGiven(study: string, worker: string): Promise<TrialJson> {
  for (;;) {
    const { trials } = await set.call<AskJson>(1, "TrialService/AskTrials", {
      study,
      worker,
      maxWait: "10s",
    });
    if (trials[0] !== undefined) return trials[0];
  }
}

async function read(trial: TrialJson): Promise<Json> {
  return (await set.call<{ trial: Json }>(1, "TrialService/GetTrial", { trial: trial.name })).trial;
}

const tell = (trial: TrialJson, value: number) =>
  set.call(1, "TrialService/TellTrial", { trial: trial.name, leaseToken: trial.leaseToken, values: [value] });

const alone = { maxTrials: 1, leaseDuration: "2s" };

test("a worker that renews keeps its trial for more than twice its lease", { timeout: startMs }, async () => {
  const study = await set.createStudy({ ...alone, leaseDuration: "10s" });
  const holder = await startHolder(study, 500);
  const { trials } = await set.call<AskJson>(1, "TrialService/AskTrials", { study, maxWait: "25s" });
  expect(trials).toEqual([]);
  expect(await read(holder.trial)).toMatchObject({ state: "TRIAL_STATE_RUNNING", attempt: 1 });
  expect(await holder.order("tell 1")).toMatchObject({ trial: { values: [1] } });
});

test("a renewal that names a study that is gone fails, and renews the other leases all the same", async () => {
  const [gone, kept] = [await set.createStudy({}), await set.createStudy({})];
  const [lost, held] = [await askUntilGiven(gone, "both"), await askUntilGiven(kept, "both")];
  const before = (await read(held))["leaseExpireTime"];
  await set.call(1, "StudyService/DeleteStudy", { study: gone, force: true });
  const leases = [lost, held].map(({ name, leaseToken }) => ({ trial: name, leaseToken }));
  await expect(set.call(1, "TrialService/RenewLease", { leases })).rejects.toMatchObject({
    reason: "STUDY_NOT_FOUND",
  });
  await expect.poll(async () => (await read(held))["leaseExpireTime"]).not.toBe(before);
});

test(
  "a worker that is frozen for longer than its lease loses its trial, is told so, and its late result is kept",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy(alone);
    const frozen = await startFrozen(study);

    const second = await askUntilGiven(study, "second");
    expect(second).toMatchObject({ number: 0, attempt: 2, worker: "second", params: frozen.trial.params });
    expect(second.leaseToken).not.toBe(frozen.trial.leaseToken);
    await set.call(1, "TrialService/ReportTrial", {
      trial: second.name,
      leaseToken: second.leaseToken,
      step: 1,
      values: [0.75],
    });

    frozen.process.kill("SIGCONT");
    expect(await frozen.order("report 2 0.25")).toMatchObject({
      shouldStop: true,
      reason: "STOP_REASON_LEASE_LOST",
    });
    await set.call(1, "TrialService/RenewLease", {
      leases: [{ trial: second.name, leaseToken: second.leaseToken }],
    });
    expect(await tell(second, 2)).toMatchObject({ trial: { state: "TRIAL_STATE_COMPLETED", values: [2] } });
    expect(await frozen.order("report 3 0.125")).toMatchObject({
      shouldStop: true,
      reason: "STOP_REASON_TRIAL_ENDED",
    });
    expect(await frozen.order("tell 1")).toMatchObject({
      refusal: "LEASE_LOST",
      status: 409,
      metadata: { state: "TRIAL_STATE_COMPLETED", values: "[2]", attempt: "2" },
    });
    // What the frozen worker reported belongs to another attempt than the one that counts.
    expect(await read(second)).toMatchObject({
      values: [2],
      measurements: [{ step: 1, values: [0.75] }],
      lateObservations: [{ attempt: 1, state: "TRIAL_STATE_COMPLETED", values: [1], worker: "" }],
    });
  },
);

test(
  "a result that comes before any other counts, although another worker has the trial by now",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy(alone);
    const frozen = await startFrozen(study);
    const second = await askUntilGiven(study, "second");
    const { name: trial, leaseToken } = second;
    await set.call(1, "TrialService/ReportTrial", { trial, leaseToken, step: 1, values: [0.75] });
    await set.call(1, "TrialService/ReportTrial", { trial, leaseToken, step: 2, values: [0.75] });

    frozen.process.kill("SIGCONT");
    expect(await frozen.order("tell 1")).toMatchObject({
      trial: { state: "TRIAL_STATE_COMPLETED", values: [1] },
    });
    const late = await set.call(1, "TrialService/ReportTrial", {
      trial,
      leaseToken,
      step: 3,
      values: [0.75],
    });
    expect(late).toMatchObject({ shouldStop: true, reason: "STOP_REASON_TRIAL_ENDED" });
    await expect(tell(second, 2)).rejects.toMatchObject({ reason: "LEASE_LOST" });
    // The curve is the one of the worker whose result counts.
    expect(await read(second)).toMatchObject({
      values: [1],
      measurements: [{ step: 1, values: [0.5] }],
      lateObservations: [{ attempt: 2, values: [2], worker: "second" }],
    });
  },
);

test(
  "a worker that wakes up before anybody else wanted its trial goes on with it",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy(alone);
    const frozen = await startFrozen(study);
    await expect.poll(async () => (await read(frozen.trial))["state"]).toBe("TRIAL_STATE_WAITING");
    frozen.process.kill("SIGCONT");
    expect(await frozen.order("report 2 0.25")).toMatchObject({ shouldStop: false });
    // A busy machine may keep it from renewing in time once more.
    await expect.poll(async () => (await read(frozen.trial))["state"]).toBe("TRIAL_STATE_RUNNING");
    expect(await read(frozen.trial)).toMatchObject({
      attempt: 1,
      measurements: [
        { step: 1, values: [0.5] },
        { step: 2, values: [0.25] },
      ],
    });
  },
);

test(
  "a worker that is killed is followed by another under the same name, which gets the trial at once",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ ...alone, leaseDuration: "600s" });
    const killed = await startHolder(study, 0);
    killed.process.kill("SIGKILL");
    const { trials } = await set.call<AskJson>(1, "TrialService/AskTrials", {
      study,
      worker: "holder",
      resume: true,
    });
    expect(trials).toMatchObject([{ number: 0, attempt: 2, params: killed.trial.params }]);
  },
);

test(
  "a trial that falls silent max_attempts times has failed, and a result after that is kept",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ ...alone, leaseDuration: "1s", maxAttempts: 2 });
    const first = await askUntilGiven(study, "first");
    const second = await askUntilGiven(study, "second");
    expect(second.attempt).toBe(2);
    await expect.poll(async () => (await read(second))["state"]).toBe("TRIAL_STATE_FAILED");
    expect((await read(second))["failure"]).toContain("2 of 2 attempts");
    const { studyState } = await set.call<AskJson>(0, "TrialService/AskTrials", { study });
    expect(studyState).toBe("STUDY_STATE_FINISHED");
    await expect(tell(first, 1)).rejects.toMatchObject({ reason: "LEASE_LOST" });
    expect(await read(first)).toMatchObject({
      state: "TRIAL_STATE_FAILED",
      lateObservations: [{ attempt: 1, values: [1] }],
    });
  },
);

test(
  "the result of a worker that sends no token is kept, too, when its only attempt was given up",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ ...alone, leaseDuration: "1s", maxAttempts: 1 });
    const given = await askUntilGiven(study, "tokenless");
    await expect.poll(async () => (await read(given))["state"]).toBe("TRIAL_STATE_FAILED");
    const late = set.call(0, "TrialService/TellTrial", { trial: given.name, values: [3] });
    await expect(late).rejects.toMatchObject({ reason: "LEASE_LOST" });
    expect(await read(given)).toMatchObject({
      lateObservations: [{ attempt: 1, values: [3], worker: "tokenless" }],
    });
  },
);

test(
  "tells, claims and reports of the same trial at the same moment leave no lease and no report behind",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ leaseDuration: "600s" });
    const { trials } = await set.call<AskJson>(0, "TrialService/AskTrials", {
      study,
      count: 60,
      worker: "a",
    });
    const report = (trial: TrialJson, replica: number, step: number) =>
      set.call<{ shouldStop: boolean }>(replica, "TrialService/ReportTrial", {
        trial: trial.name,
        leaseToken: trial.leaseToken,
        step,
        values: [step],
      });
    const stored = new Map<number, number[]>();
    await Promise.all(
      trials.map(async (trial, index) => {
        await sleep(index);
        const [first, second, third] = await Promise.all([
          report(trial, 0, 1),
          report(trial, 1, 2),
          report(trial, index % 2, 3),
          set.call(1 - (index % 2), "TrialService/TellTrial", {
            trial: trial.name,
            leaseToken: trial.leaseToken,
            values: [1],
          }),
          // The worker has come back under its name, and takes the trials from itself.
          set.call(index % 2, "TrialService/AskTrials", { study, worker: "a", resume: true }),
        ]);
        stored.set(
          trial.number,
          [first, second, third].flatMap(({ shouldStop }, at) => (shouldStop ? [] : [at + 1])),
        );
      }),
    );
    for (const trial of trials) {
      const { state, measurements } = (await read(trial)) as unknown as TrialJson;
      expect(state).toBe("TRIAL_STATE_COMPLETED");
      expect(measurements.map(({ step }) => step)).toEqual(
        expect.arrayContaining(stored.get(trial.number) ?? []),
      );
    }
    const { rows } = await set.pool.query(
      `select r.number from running r join trial t using (study_id, number) where t.state > 2
     union all select i.number from curve_part i join trial t using (study_id, number) where t.state > 2`,
    );
    expect(rows).toEqual([]);
  },
);
