import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { ExportStudyResponseSchema, StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readExport } from "../../server/src/rpc/read-export.ts";
import { isGiven, replayTrial } from "../../server/src/studies/replay.ts";
import { type AskJson, type ReportJson, type TrialJson, Refusal } from "../chaos/api.ts";
import { createRandom } from "../chaos/random.ts";
import { runProgram } from "../support/program.ts";
import { startMs, useReplicas } from "./replica-set.ts";

/*
 * Promise 6: suggestions can be replayed. A suggestion is a pure function of the study's specification, its seed, the trial's number and
 * the revision of the history that it saw.
 */

const set = useReplicas(2);
const maxTrials = 280;
let directory = "";
let file: string;

const parameters = [
  { name: "lr", real: { low: 1e-5, high: 1, log: true } },
  { name: "momentum", real: { low: 0, high: 1, step: 0.05 } },
  { name: "layers", integer: { low: 1, high: 64, log: true } },
  { name: "optimizer", categorical: { choices: ["sgd", "adam", true, null, 3] } },
  { name: "beta", real: { low: 0, high: 1 }, condition: { parent: "optimizer", values: ["adam", true] } },
];

beforeAll(async () => {
  const study = await runStudy();
  directory = await mkdtemp(join(tmpdir(), "asktell-replay-"));
  file = join(directory, "study.jsonl");
  await writeFile(file, await exportStudy(study));
}, 2 * startMs);
afterAll(async () => {
  if (directory !== "") await rm(directory, { recursive: true, force: true });
});

/** A study with everything that may happen to its history, at two replicas at once. Answers its name. */
async function runStudy(): Promise<string> {
  const study = await set.createStudy({
    parameters,
    constraints: [{ metric: "memory", upper: 0.8 }],
    linearConstraints: [
      {
        terms: [
          { parameter: "lr", coefficient: 1 },
          { parameter: "momentum", coefficient: 1 },
        ],
        upper: 1.1,
      },
      {
        terms: [
          { parameter: "layers", coefficient: -0.01 },
          { parameter: "momentum", coefficient: -1 },
        ],
        upper: -0.2,
      },
    ],
    sampler: { tpe: { startupTrials: 15 } },
    pruner: { median: { startupTrials: 3 } },
    maxTrials,
    maxRunning: 16,
    leaseDuration: "2s",
    maxAttempts: 2,
    seed: 4_294_967_295,
  });
  const params = (lr: number) => ({ lr, momentum: 0.5, layers: 2, optimizer: "sgd" });
  await set.call(0, "TrialService/ImportTrials", {
    study,
    trials: [
      {
        params: params(0.01),
        values: [0.3],
        metrics: { memory: 0.5 },
        measurements: [{ step: 1, values: [0.4] }],
      },
      { params: params(0.5), values: ["Infinity"], metrics: { memory: 0.9 } },
      { params: params(0.2), state: "TRIAL_STATE_PRUNED", measurements: [{ step: 1, values: ["NaN"] }] },
    ],
  });
  const workers = Array.from({ length: 12 }, (_, index) => work(study, index));
  await untilCreated(study, maxTrials / 3);
  await set.call(1, "TrialService/EnqueueTrials", {
    study,
    trials: [{ params: { lr: 0.05 } }, { params: params(0.06) }],
  });
  await untilCreated(study, maxTrials / 2);
  const change = { sampler: { tpe: { startupTrials: 5, candidates: 48 } }, maxRunning: 8 };
  await set.call(0, "StudyService/UpdateStudy", {
    study: { name: study, ...change },
    updateMask: "sampler,maxRunning",
  });
  const choose = (sampler: object) =>
    set.call(0, "StudyService/UpdateStudy", { study: { name: study, sampler }, updateMask: "sampler" });
  await untilCreated(study, maxTrials - 80);
  // These two learn from the results in the order in which they ended.
  await choose({ cmaEs: { populationSize: 4 } });
  await untilCreated(study, maxTrials - 50);
  await choose({ nsga2: { populationSize: 10 } });
  await untilCreated(study, maxTrials - 20);
  // From here on worker threads choose, and keep copies of the history that must not differ.
  await choose({ gp: {} });
  await Promise.all(workers);
  return study;
}

async function untilCreated(study: string, count: number): Promise<void> {
  for (;;) {
    const { totalSize } = await set.call<{ totalSize: number }>(0, "TrialService/ListTrials", {
      study,
      pageSize: 1,
    });
    if (totalSize >= count) return;
    await sleep(50);
  }
}

/** A worker that goes from replica to replica, and now and then fails, falls silent or fixes a parameter. */
async function work(study: string, index: number): Promise<void> {
  const random = createRandom(index + 1);
  const send = <Answer>(method: string, message: object) =>
    set.call<Answer>(random() < 0.5 ? 0 : 1, `TrialService/${method}`, message);
  for (;;) {
    const fixedParams = random() < 0.1 ? { optimizer: "adam", momentum: 0.3 } : {};
    const count = random() < 0.2 ? 3 : 1;
    const { trials, studyState } = await send<AskJson>("AskTrials", {
      study,
      count,
      fixedParams,
      maxWait: "2s",
    });
    if (studyState === "STUDY_STATE_FINISHED") return;
    for (const trial of trials) {
      // Falls silent: somebody else gets it, or nobody.
      if (random() < 0.04) continue;
      await evaluate(trial, random, send).catch((error: unknown) => {
        // Its lease had expired.
        if (!(error instanceof Refusal && error.reason === "LEASE_LOST")) throw error;
      });
    }
  }
}

/** Trials that were evaluated to their end: these go wrong in turn, since luck may have them all pruned but a few. */
let evaluated = 0;

async function evaluate(
  { name, leaseToken, params }: TrialJson,
  random: () => number,
  send: <Answer>(method: string, message: object) => Promise<Answer>,
): Promise<void> {
  const loss = Math.abs(Math.log10(Number(params["lr"])) + 2) + Number(params["momentum"]);
  for (let step = 1; step <= 4; step++) {
    await sleep(10 * random());
    const { shouldStop, reason } = await send<ReportJson>("ReportTrial", {
      trial: name,
      leaseToken,
      step,
      values: [loss + 1 / step],
    });
    if (reason === "STOP_REASON_PRUNED") {
      await send("TellTrial", { trial: name, leaseToken, state: "TRIAL_STATE_PRUNED" });
      return;
    }
    if (shouldStop) return;
  }
  const turn = evaluated++ % 20;
  if (turn === 5) await send("TellTrial", { trial: name, leaseToken, failure: "out of memory" });
  else if (turn === 10)
    await send("TellTrial", { trial: name, leaseToken, values: ["NaN"], metrics: { memory: 1 } });
  else if (turn === 15) await send("TellTrial", { trial: name, leaseToken, state: "TRIAL_STATE_INFEASIBLE" });
  else await send("TellTrial", { trial: name, leaseToken, values: [loss], metrics: { memory: random() } });
}

/** The API's ExportStudy as JSON lines. */
async function exportStudy(study: string): Promise<string> {
  const client = createClient(StudyService, createGrpcTransport({ baseUrl: set.replicas[0]?.url ?? "" }));
  const headers = { authorization: `Bearer ${set.token}` };
  const lines: string[] = [];
  for await (const message of client.exportStudy({ study }, { headers }))
    lines.push(toJsonString(ExportStudyResponseSchema, message));
  return `${lines.join("\n")}\n`;
}

async function readFileLines() {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => fromJsonString(ExportStudyResponseSchema, line));
}

test("the study had everything that may happen to a history", async () => {
  const { specs, trials } = readExport(await readFileLines());
  expect(trials).toHaveLength(maxTrials);
  expect(specs).toHaveLength(5);
  expect(new Set(trials.map(({ state }) => state))).toEqual(
    new Set(["completed", "pruned", "failed", "infeasible"]),
  );
  const samplers = new Set(trials.map(({ sampler }) => sampler));
  // Where the points of few values are all used, one is drawn at random.
  expect([...samplers]).toEqual(
    expect.arrayContaining(["imported", "enqueued", "tpe", "cma-es", "nsga2", "gp"]),
  );
  expect(new Set(trials.map(({ specVersion }) => specVersion))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(trials.filter(({ fixed }) => fixed !== undefined).length).toBeGreaterThan(3);
  expect(trials.filter(({ violation }) => violation > 0).length).toBeGreaterThan(3);
  // Asked together, or while others ran: not each has seen the end of the one before it.
  const behind = trials.filter(
    ({ number, historyRevision }) => (trials[number - 1]?.endRevision ?? 0) > historyRevision,
  );
  expect(behind.length).toBeGreaterThan(20);
  const attempts = (await readFileLines()).flatMap(({ item }) =>
    item.case === "trial" ? [item.value.attempt] : [],
  );
  expect(attempts.filter((attempt) => attempt > 1).length).toBeGreaterThan(0);
});

test(
  "a process that has only the export computes every suggestion again, bit for bit",
  { timeout: startMs },
  async () => {
    const { code, stdout, stderr } = await runProgram(["study", "replay", file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^280 trials: (\d+) suggestions are the same, 0 differ, 5 points were given\n$/);
  },
);

test(
  "each trial alone, with a history built for it from nothing, is the same as well",
  { timeout: startMs },
  async () => {
    const { specs, trials } = readExport(await readFileLines());
    const different = trials.flatMap((trial) => {
      const replayed = replayTrial(specs, trials, trial);
      return replayed === undefined || replayed.isSame
        ? []
        : [{ recorded: trial.params, computed: replayed.computed }];
    });
    expect(different).toEqual([]);
    expect(trials.filter((trial) => !isGiven(trial))).toHaveLength(maxTrials - 5);
  },
);

test.each([
  ["a result", /"values":\[0\.\d+\],/, `"values":[0.000123],`],
  ["the seed", /"seed":4294967295/g, `"seed":1`],
])(
  "an export in which %s was changed does not follow from itself",
  { timeout: startMs },
  async (_what, found, changed) => {
    const text = await readFile(file, "utf8");
    const forged = join(directory, "forged.jsonl");
    expect(text).toMatch(found);
    await writeFile(forged, text.replace(found, changed));
    const { code, stdout, stderr } = await runProgram(["study", "replay", forged]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/[1-9]\d* differ/);
    expect(stderr).toContain("does not follow from itself");
  },
);
