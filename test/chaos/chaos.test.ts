import { beforeAll, describe, expect, test } from "vitest";
import type { Evidence } from "./evidence.ts";
import * as invariants from "./invariants.ts";
import { runStorm } from "./storm.ts";

/*
 * The promises of the engine under failures of every kind at once. The storm runs first; then each test looks at what was seen of it.
 */
let evidence: Evidence;

beforeAll(async () => {
  evidence = await runStorm({
    seed: 20_261,
    replicas: 3,
    workers: 100,
    workerProcesses: 5,
    maxTrials: 2_000,
    maxRunning: 80,
    leaseSeconds: 3,
    lossRate: 0.05,
    killReplicaEveryMs: 5_000,
    // About a minute where nothing else runs.
    deadlineMs: 600_000,
    say: (line) => console.log(line),
  });
}, 1_200_000);

function expectHolds(invariant: invariants.Invariant): void {
  const broken = invariant(evidence);
  // A few with their histories say more than all of them.
  expect(
    broken.slice(0, 5).join("\n\n") + (broken.length > 5 ? `\n\n… and ${broken.length - 5} more` : ""),
  ).toBe("");
}

describe("100 workers, 3 replicas, one database, and failures of every kind", () => {
  test("it was a storm: replicas, the database and workers were killed, answers lost, trials handed out again", () => {
    const { replicaKills, databaseKills, killedWorkers, lost, answered, events, tables, inTime } = evidence;
    expect(inTime, "the study finished in time").toBe(true);
    expect(replicaKills).toBeGreaterThanOrEqual(4);
    expect(databaseKills).toBe(1);
    expect(killedWorkers).toHaveLength(20);
    expect(lost.length / answered).toBeGreaterThan(0.03);
    expect(events.filter(({ kind }) => kind === "retried").length).toBeGreaterThan(100);
    expect(tables.trials.filter(({ attempt }) => attempt > 1).length).toBeGreaterThan(10);
  });

  test("every number from 0 exists, without a gap", () => expectHolds(invariants.numbersAreDense));
  test("exactly max_trials have ended, and so the study has finished", () =>
    expectHolds(invariants.studyIsFinished));
  test("the counters are the counted trials, at every moment", () => expectHolds(invariants.countersAreTrue));
  test("each trial has one accepted tell, and no acknowledged one is missing", () =>
    expectHolds(invariants.tellsAreExact));
  test("a result that came too late is kept", () => expectHolds(invariants.lateTellsAreKept));
  test("no acknowledged report of the attempt that told is missing", () =>
    expectHolds(invariants.reportsAreKept));
  test("there were never more than max_running leases", () => expectHolds(invariants.budgetIsExact));
  test("a trial runs if and only if it has a lease, and none past lease and sweep", () =>
    expectHolds(invariants.nothingIsStranded));
  test("change numbers are unique and only grow", () => expectHolds(invariants.changesAreOrdered));
  test("one request id never got two different trials", () =>
    expectHolds(invariants.requestsAreAnsweredOnce));
  test("a worker that has lost its trial is told so", () => expectHolds(invariants.staleWorkersAreFenced));
  test("no answer and no log line is unforeseen", () => expectHolds(invariants.nothingIsSurprising));
  test("the export agrees with the tables", () => expectHolds(invariants.exportIsTrue));
  test("every suggestion can be computed again from the export", () =>
    expectHolds(invariants.suggestionsFollow));
  test("a watcher that was cut off again and again has seen everything in order", () =>
    expectHolds(invariants.watchersSeeEverything));
});
