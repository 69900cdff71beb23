/**
 * A worker of the demonstration: trains networks until the study has finished. Started by demo.ts as
 * `node worker.ts URL STUDY NAME` with the token in ASKTELL_TOKEN; it would run as well on any other machine.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { StudyState } from "@asktell/proto/asktell/v1/study_pb";
import { type Trial, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { StopReason, TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type Settings, createMlp } from "./mlp.ts";
import { readTumours } from "./tumours.ts";

const epochs = 30;
/** How long a worker outlives an unreachable server, in milliseconds. */
const patience = 120_000;
const transient = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.ResourceExhausted]);

const [url = "http://localhost:8080", study = "demo", worker = "worker"] = process.argv.slice(2);
const token = process.env["ASKTELL_TOKEN"] ?? "";
const transport = createGrpcTransport({
  baseUrl: url,
  defaultTimeoutMs: 30_000,
  interceptors: [
    (next) => (request) => {
      request.header.set("authorization", `Bearer ${token}`);
      return next(request);
    },
  ],
});
const client = createClient(TrialService, transport);

/** Repeats a call while its failure is transient. Safe: each request carries an id or, for a report, names its step. */
async function repeated<T>(call: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + patience;
  for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await call();
    } catch (error) {
      if (!transient.has(ConnectError.from(error).code) || performance.now() > giveUp) throw error;
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}

function readSettings(trial: Trial): Settings {
  const params = trial.params ?? {};
  const number = (name: string): number => Number(params[name]);
  return {
    hidden: number("hidden"),
    activation: params["activation"] === "relu" ? "relu" : "tanh",
    lr: number("lr"),
    momentum: number("momentum"),
    l2: number("l2"),
    batch: number("batch"),
    seed: trial.number,
  };
}

const { training, validation } = await readTumours();

async function runTrial(trial: Trial): Promise<void> {
  const held = { trial: trial.name, leaseToken: trial.leaseToken };
  const requestId = randomUUID();
  const network = createMlp(training.features[0]!.length, readSettings(trial));
  let last = { loss: Number.NaN, accuracy: 0 };
  for (let step = 1; step <= epochs; step++) {
    network.train(training);
    last = network.evaluate(validation);
    const report = { ...held, step, values: [last.loss], metrics: { accuracy: last.accuracy } };
    const advice = await repeated(() => client.reportTrial(report));
    if (!advice.shouldStop) continue;
    if (advice.reason !== StopReason.PRUNED) return;
    await repeated(() => client.tellTrial({ ...held, requestId, state: TrialState.PRUNED }));
    return;
  }
  const tell = { ...held, requestId, values: [last.loss], metrics: { accuracy: last.accuracy } };
  await repeated(() => client.tellTrial(tell));
}

for (;;) {
  const ask = { study, worker, requestId: randomUUID(), maxWait: { seconds: 5n } };
  const { trials, studyState, retryAfter } = await repeated(() => client.askTrials(ask));
  for (const trial of trials) await runTrial(trial);
  if (trials.length > 0) continue;
  if (studyState === StudyState.FINISHED) break;
  await sleep(Number(retryAfter?.seconds ?? 0n) * 1000 + 100);
}
