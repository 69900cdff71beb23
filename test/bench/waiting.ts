import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createStream } from "../../server/src/optimizer/numerics/stream.ts";
import { type AskJson, type ReportJson, type TrialJson, call } from "../chaos/api.ts";
import { startTestServer } from "../support/server.ts";

/**
 * How long workers wait in a real server while Gaussian processes are fitted to n trials of ten parameters: askers of that study, who ask
 * at once after they have told a result or a pause later, and another study's worker, who reports all the while. Beside it the delay
 * of the server's event loop, by its own measurement (monitorEventLoopDelay, whose resolution of 10 ms is part of every value).
 */
const CASES = [
  // What the machine and the other load take by themselves.
  { kind: "random", size: 500 },
  ...[50, 100, 200, 350, 490].map((size) => ({ kind: "gp", size })),
];
const ROUNDS = 30;
const PAUSE_MS = 500;
const REPORT_EVERY_MS = 10;
const parameters = Array.from({ length: 10 }, (_, at) => ({ name: `x${at}`, real: { low: -5, high: 10 } }));

const server = await startTestServer();
const send = <Answer>(method: string, message: object) =>
  call<Answer>(server.url, server.token, method, message, { timeoutMs: 60_000 });

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
}
const show = (values: readonly number[]): string =>
  `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.99).toFixed(1)}`.padStart(15);

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

/** Quantiles of the event loop's delay since they were read last, ms. */
async function loopDelays(): Promise<{ p50: number; p99: number; max: number }> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  const text = await answer.text();
  const read = (name: string): number =>
    1_000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, "m").exec(text)?.[1]);
  return { p50: read("p50"), p99: read("p99"), max: read("max") };
}

async function createStudy(studyId: string, sampler: object): Promise<void> {
  await send("StudyService/CreateStudy", { studyId, study: { parameters, sampler, seed: 1 } });
}

const valueOf = (params: Readonly<Record<string, unknown>>): number =>
  Object.values(params).reduce<number>((sum, x) => sum + Number(x) ** 2, 0);

async function fill(study: string, size: number): Promise<void> {
  const stream = createStream(size);
  const trials = Array.from({ length: size }, () => {
    const params = Object.fromEntries(parameters.map(({ name }) => [name, 15 * stream.uniform() - 5]));
    return { params, values: [valueOf(params)] };
  });
  await send("TrialService/ImportTrials", { study, trials });
}

async function ask(study: string): Promise<TrialJson> {
  const { trials } = await send<AskJson>("TrialService/AskTrials", { study });
  return trials[0]!;
}

/** Reports to a trial at a steady pace until it is stopped; how long each report took, ms. */
function startReporting(trial: TrialJson): () => Promise<number[]> {
  let isOver = false;
  const waits: number[] = [];
  const running = (async () => {
    for (let step = 1; !isOver; step++) {
      const report = { trial: trial.name, leaseToken: trial.leaseToken, step, values: [1 / step] };
      waits.push(await timed(() => send<ReportJson>("TrialService/ReportTrial", report)));
      await sleep(REPORT_EVERY_MS);
    }
  })();
  return async () => {
    isOver = true;
    await running;
    return waits;
  };
}

try {
  console.log(
    `Waiting in a server, ms, p50 / p99 of ${ROUNDS} asks. Node ${process.version}, ${cpus().length} cores, load average ${loadavg()[0]!.toFixed(1)}`,
  );
  console.log(
    `sampler ${"trials".padStart(6)} ${"ask at once".padStart(15)} ${`${PAUSE_MS} ms later`.padStart(15)} ${"other's report".padStart(15)}   event loop's delay p50 / p99 / max`,
  );
  await createStudy("other", { random: {} });
  const other = await ask("other");
  for (const { kind: sampler, size } of CASES) {
    const study = `${sampler}-${size}`;
    await createStudy(study, { [sampler]: {} });
    await fill(study, size);
    const stopReporting = startReporting(other);
    let trial = await ask(study);
    await loopDelays();
    const waits: { now: number[]; later: number[] } = { now: [], later: [] };
    for (const [kind, pause] of [
      ["now", 0],
      ["later", PAUSE_MS],
    ] as const) {
      for (let round = 0; round < ROUNDS; round++) {
        const told = { trial: trial.name, leaseToken: trial.leaseToken, values: [valueOf(trial.params)] };
        await send("TrialService/TellTrial", told);
        await sleep(pause);
        waits[kind].push(await timed(async () => (trial = await ask(study))));
      }
    }
    const { p50, p99, max } = await loopDelays();
    const reports = await stopReporting();
    const delays = [p50, p99, max].map((value) => value.toFixed(1)).join(" / ");
    console.log(
      `${sampler.padEnd(7)} ${String(size).padStart(6)} ${show(waits.now)} ${show(waits.later)} ${show(reports)}   ${delays}`,
    );
  }
} finally {
  await server.stop();
}
