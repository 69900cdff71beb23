import { readFile } from "node:fs/promises";
import { createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { startTestServer } from "../../support/server.ts";
import { withToken } from "../../support/with-token.ts";
import { type Load, median, rate } from "./load.ts";

/** The CPU of a whole server for an ask and a tell, called from this process over the network. */
export async function measureOverTheNetwork(load: Load): Promise<void> {
  const server = await startTestServer({ env: { ASKTELL_LOG_LEVEL: "info" } });
  try {
    const options = { baseUrl: server.url, interceptors: [withToken(server.token)] };
    const json = { ...options, httpVersion: "1.1", useBinaryFormat: false } as const;
    console.log(
      `\nServer CPU of an ask and a tell, one hot study, ${load.sampler} sampler, 64 callers, ms (median of ${load.rounds} rounds)`,
    );
    console.log("                     pairs/s   CPU ms    range         bar");
    const pid = server.process.pid ?? 0;
    await measure(load, pid, "gRPC", createGrpcTransport(options), 0.9);
    await measure(load, pid, "Connect JSON", createConnectTransport(json), 0.6);
  } finally {
    await server.stop();
  }
}

async function measure(
  load: Load,
  pid: number,
  name: string,
  transport: Transport,
  limit: number,
): Promise<void> {
  const pair = await createPair(load, transport, `bench-${name.replaceAll(" ", "-").toLowerCase()}`);
  await rate(load, 64, pair);
  const cost: number[] = [];
  const speed: number[] = [];
  for (let round = 0; round < load.rounds; round++) {
    const before = await cpuSeconds(pid);
    const pairs = await rate(load, 64, pair);
    const used = (await cpuSeconds(pid)) - before;
    speed.push(pairs);
    cost.push((used * 1_000) / (pairs * (load.roundMs / 1_000)));
  }
  const range = `${Math.min(...cost).toFixed(2)}–${Math.max(...cost).toFixed(2)}`;
  const verdict = median(cost) <= limit ? "met" : "MISSED";
  console.log(
    `${name.padEnd(18)} ${median(speed).toFixed(0).padStart(9)} ${median(cost).toFixed(2).padStart(8)}    ${range.padEnd(12)} ${limit} ${verdict}`,
  );
}

/** An ask and its tell, of a new study. */
async function createPair(
  { sampler }: Load,
  transport: Transport,
  study: string,
): Promise<() => Promise<void>> {
  const trials = createClient(TrialService, transport);
  await createClient(StudyService, transport).createStudy({
    studyId: study,
    study: {
      parameters: Array.from({ length: 5 }, (_, i) => ({
        name: `x${i}`,
        domain: { case: "real" as const, value: { low: 0, high: 1 } },
      })),
      sampler: { sampler: { case: sampler, value: {} } },
    },
  });
  return async () => {
    const { trials: asked } = await trials.askTrials({ study, worker: "bench" });
    const { name = "", leaseToken = "" } = asked[0] ?? {};
    await trials.tellTrial({ trial: name, leaseToken, values: [Math.random()] });
  };
}

/** CPU seconds, user and system, that a process has used (proc(5), stat fields 14 and 15, in ticks of 10 ms). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
