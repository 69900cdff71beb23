/**
 * A whole search in your terminal: starts a server on a temporary store, creates a study, runs workers side by side that train small
 * networks on the tumours of examples/data, and prints the best. `npm run demo -- --keep` leaves the server running, to look at the
 * study in the dashboard.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialState, TrialStateSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type DemoServer, startDemoServer } from "./server.ts";

const studyId = "demo";
const { values: options } = parseArgs({
  options: {
    trials: { type: "string", default: "40" },
    workers: { type: "string", default: "3" },
    keep: { type: "boolean", default: false },
  },
});

async function createStudy(studies: Client<typeof StudyService>): Promise<Study> {
  const { study } = await studies.createStudy({
    studyId,
    study: {
      displayName: "Demonstration: a network that tells tumours apart",
      objectives: [{ name: "log_loss" }],
      maxTrials: Number(options.trials),
      leaseDuration: { seconds: 30n },
      pruner: { pruner: { case: "median", value: { startupTrials: 6, warmupSteps: 4 } } },
      parameters: [
        { name: "lr", domain: { case: "real", value: { low: 1e-3, high: 1, log: true } } },
        { name: "momentum", domain: { case: "real", value: { low: 0, high: 0.95 } } },
        { name: "l2", domain: { case: "real", value: { low: 1e-6, high: 0.1, log: true } } },
        { name: "hidden", domain: { case: "integer", value: { low: 2n, high: 64n, log: true } } },
        { name: "batch", domain: { case: "integer", value: { low: 4n, high: 128n, log: true } } },
        {
          name: "activation",
          domain: {
            case: "categorical",
            value: {
              choices: ["relu", "tanh"].map((choice) => ({ kind: { case: "stringValue", value: choice } })),
            },
          },
        },
      ],
    },
  });
  return study!;
}

/** Prints each trial as it ends, until the study has finished. */
async function follow(studies: Client<typeof StudyService>): Promise<Study> {
  let best = Number.POSITIVE_INFINITY;
  for await (const { study, trials } of studies.watchStudy({ study: studyId, cursor: "0" })) {
    for (const trial of trials) {
      if (trial.state < TrialState.COMPLETED) continue;
      const loss = trial.values[0];
      const improved = trial.state === TrialState.COMPLETED && loss !== undefined && loss < best;
      if (improved) best = loss;
      console.log(
        `trial ${String(trial.number).padStart(3)}  ${stateName(trial.state).padEnd(9)}` +
          `  log loss ${loss?.toFixed(4) ?? "-"}  by ${trial.worker}${improved ? "  <- best so far" : ""}`,
      );
    }
    if (study?.finishTime !== undefined) return study;
  }
  throw new Error("The stream ended before the study.");
}

function stateName(state: TrialState): string {
  return (TrialStateSchema.value[state]?.localName ?? "unknown").toLowerCase();
}

function startWorkers(url: string, token: string): ChildProcess[] {
  const script = fileURLToPath(new URL("worker.ts", import.meta.url));
  return Array.from({ length: Number(options.workers) }, (_, index) =>
    spawn(process.execPath, [script, url, studyId, `worker-${index + 1}`], {
      env: { ...process.env, ASKTELL_TOKEN: token },
      stdio: "inherit",
    }),
  );
}

async function search(server: DemoServer): Promise<void> {
  const studies = createClient(
    StudyService,
    createGrpcTransport({
      baseUrl: server.url,
      interceptors: [
        (next) => (request) => {
          request.header.set("authorization", `Bearer ${server.token}`);
          return next(request);
        },
      ],
    }),
  );
  const study = await createStudy(studies);
  // The fragment signs the browser in and is never sent.
  const link = `${server.url}/${study.name}#token=${server.token}`;
  console.log(
    `${study.displayName}\n${options.workers} workers, ${options.trials} trials; dashboard: ${link}\n`,
  );
  workers.push(...startWorkers(server.url, server.token));
  const { trialCounts } = await follow(studies);
  const { trials } = await studies.listBestTrials({ study: studyId });
  console.log(
    `\n${trialCounts?.completed} completed, ${trialCounts?.pruned} pruned, ${trialCounts?.failed} failed`,
  );
  const [best] = trials;
  if (best !== undefined) {
    const accuracy = `${((best.metrics["accuracy"] ?? 0) * 100).toFixed(1)} %`;
    console.log(`best: trial ${best.number}, log loss ${best.values[0]?.toFixed(4)}, accuracy ${accuracy}`);
    console.log(JSON.stringify(best.params, undefined, 2));
  }
  if (options.keep) {
    console.log(`\nThe server stays until Ctrl-C: ${link}`);
    await interrupted;
  } else {
    console.log(
      "\n`npm run demo -- --keep` leaves the server running, to look at the study in the dashboard.",
    );
  }
}

const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
const workers: ChildProcess[] = [];
const server = await startDemoServer();
try {
  await Promise.race([search(server), interrupted]);
} finally {
  for (const worker of workers) worker.kill();
  await server.stop();
}
