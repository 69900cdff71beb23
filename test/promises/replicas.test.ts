import { expect, test } from "vitest";
import type { AskJson, TrialJson } from "../chaos/api.ts";
import { startWatcher } from "../chaos/watcher.ts";
import { type Json, startMs, useReplicas } from "./replica-set.ts";

/* Promise 5: no replica is special. Replicas hold caches only; kill any of them at any moment. */

const set = useReplicas(3);

test("each step of a trial's life may be taken at another replica", { timeout: startMs }, async () => {
  const study = await set.createStudy({ maxTrials: 30 });
  for (let number = 0; number < 30; number++) {
    const { trials } = await set.call<AskJson>(number % 3, "TrialService/AskTrials", { study });
    expect(trials.map((trial) => trial.number)).toEqual([number]);
    const trial = trials[0]?.name ?? "";
    const leaseToken = trials[0]?.leaseToken ?? "";
    await set.call((number + 1) % 3, "TrialService/ReportTrial", {
      trial,
      leaseToken,
      step: 1,
      values: [number],
    });
    await set.call((number + 2) % 3, "TrialService/TellTrial", { trial, leaseToken, values: [number] });
    const { trial: read } = await set.call<{ trial: Json }>(number % 3, "TrialService/GetTrial", { trial });
    expect(read).toMatchObject({
      state: "TRIAL_STATE_COMPLETED",
      measurements: [{ step: 1, values: [number] }],
    });
  }
  for (const replica of [0, 1, 2]) {
    expect(await set.call(replica, "TrialService/AskTrials", { study })).toMatchObject({
      trials: [],
      studyState: "STUDY_STATE_FINISHED",
    });
  }
});

test("a pruner decides the same wherever the reports arrive", { timeout: startMs }, async () => {
  const study = await set.createStudy({ pruner: { median: { startupTrials: 2 } } });
  const { trials } = await set.call<AskJson>(0, "TrialService/AskTrials", { study, count: 6 });
  for (const { name: trial, number } of trials.slice(0, 3)) {
    for (let step = 1; step <= 4; step++)
      await set.call(step % 3, "TrialService/ReportTrial", { trial, step, values: [number / 10] });
    await set.call(number % 3, "TrialService/TellTrial", { trial, values: [number / 10] });
  }
  // A replica reads the results of the others at most a second late.
  const report = (trial: string, replica: number, step: number) =>
    set.call(replica, "TrialService/ReportTrial", { trial, step, values: [5] });
  for (const [replica, { name: trial }] of trials.slice(3).entries()) {
    let step = 0;
    await expect
      .poll(() => report(trial, (replica + ++step) % 3, (step % 4) + 1))
      .toMatchObject({ shouldStop: true, reason: "STOP_REASON_PRUNED" });
    for (const other of [0, 1, 2])
      await expect
        .poll(() => report(trial, other, 4))
        .toMatchObject({ shouldStop: true, reason: "STOP_REASON_PRUNED" });
  }
});

test(
  "a pruner compares with running trials that report to other replicas",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ pruner: { asha: { minResource: 2, reductionFactor: 2 } } });
    const { trials } = await set.call<AskJson>(0, "TrialService/AskTrials", { study, count: 20 });
    const report = (trial: string, replica: number, step: number, value: number) =>
      set.call(replica, "TrialService/ReportTrial", { trial, step, values: [value] });
    // Nothing ends, so the history never tells replica 1 of these reports.
    for (const { name } of trials) await report(name, 0, 2, 0.1);
    // The rung's first report decides, so each try is a trial of its own: the best that replica 1 has seen itself.
    let value = 5;
    await expect
      .poll(
        async () => {
          const { trials: more } = await set.call<AskJson>(1, "TrialService/AskTrials", { study });
          return report(more[0]?.name ?? "", 1, 2, (value -= 0.01));
        },
        { interval: 500 },
      )
      .toMatchObject({ shouldStop: true, reason: "STOP_REASON_PRUNED" });
  },
);

test("a change of a study is followed at once everywhere", { timeout: startMs }, async () => {
  const study = await set.createStudy();
  await Promise.all([0, 1, 2].map((replica) => set.call(replica, "TrialService/AskTrials", { study })));
  await set.call(0, "StudyService/PauseStudy", { study });
  for (const replica of [1, 2, 0])
    expect(await set.call(replica, "TrialService/AskTrials", { study })).toMatchObject({
      trials: [],
      studyState: "STUDY_STATE_PAUSED",
    });
  await set.call(1, "StudyService/ResumeStudy", { study });
  await set.call(2, "StudyService/UpdateStudy", {
    study: { name: study, sampler: { random: {} } },
    updateMask: "sampler",
  });
  for (const replica of [0, 1, 2]) {
    const { trials } = await set.call<{ trials: Json[] }>(replica, "TrialService/AskTrials", { study });
    expect(trials).toMatchObject([{ suggestion: { sampler: "random", specVersion: 2 } }]);
  }
  await set.call(1, "StudyService/DeleteStudy", { study, force: true });
  for (const replica of [2, 0, 1])
    await expect(set.call(replica, "TrialService/AskTrials", { study })).rejects.toMatchObject({
      reason: "STUDY_NOT_FOUND",
    });
});

test(
  "a study that was deleted and made again is the new one everywhere, whatever was remembered of the old",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy();
    const { trials: old } = await set.call<AskJson>(1, "TrialService/AskTrials", { study, count: 3 });
    await set.call(0, "StudyService/DeleteStudy", { study, force: true });
    const parameters = [{ name: "other", integer: { low: 1, high: 3 } }];
    await set.call(2, "StudyService/CreateStudy", { studyId: study, study: { parameters } });
    for (const replica of [0, 1, 2]) {
      const { trials } = await set.call<AskJson>(replica, "TrialService/AskTrials", { study });
      expect(trials.map(({ params, number }) => [Object.keys(params), number])).toEqual([
        [["other"], replica],
      ]);
    }
    // The old study's workers find a trial of their number, but not one that is theirs.
    const lease = { trial: old[0]?.name, leaseToken: old[0]?.leaseToken };
    for (const replica of [0, 1, 2]) {
      const refused = expect.objectContaining({ reason: "TRIAL_NOT_FOUND" });
      await expect(set.call(replica, "TrialService/TellTrial", { ...lease, values: [1] })).rejects.toEqual(
        refused,
      );
      await expect(
        set.call(replica, "TrialService/GetTrial", { trial: `${study}/trials/3` }),
      ).rejects.toEqual(refused);
      expect(await set.call(replica, "TrialService/ListTrials", { study })).toMatchObject({
        totalSize: 3,
        trials: [0, 1, 2].map((number) => ({ number, state: "TRIAL_STATE_RUNNING" })),
      });
    }
  },
);

test(
  "killing a replica loses nothing: its trials are told elsewhere, its watchers go on, its leases end",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ leaseDuration: "2s", maxTrials: 20 });
    const { trials } = await set.call<AskJson>(2, "TrialService/AskTrials", { study, count: 20 });
    let watched = 2;
    const watcher = startWatcher(() => set.replicas[watched]?.url ?? "", set.token, study);
    await expect.poll(() => watcher.trials.size).toBe(20);

    watched = 1;
    await set.replicas[2]?.kill();
    const tell = (trial: TrialJson) =>
      set.call(trial.number % 2, "TrialService/TellTrial", {
        trial: trial.name,
        leaseToken: trial.leaseToken,
        values: [1],
      });
    await Promise.all(trials.slice(0, 15).map(tell));
    // Nobody works on the last five: the replicas that are left hand them out again.
    const again = new Set<number>();
    while (again.size < 5) {
      const answer = await set.call<AskJson>(0, "TrialService/AskTrials", {
        study,
        count: 5,
        maxWait: "10s",
      });
      for (const trial of answer.trials) {
        expect(trial.attempt).toBeGreaterThan(1);
        again.add(trial.number);
        await tell(trial);
      }
    }
    expect([...again].toSorted((a, b) => a - b)).toEqual([15, 16, 17, 18, 19]);
    await expect
      .poll(() => [...watcher.trials.values()].filter(({ endRevision }) => endRevision > 0n).length)
      .toBe(20);
    await watcher.stop();
    expect(watcher.problems).toEqual([]);
    expect(watcher.resumed).toBeGreaterThan(0);
  },
);
