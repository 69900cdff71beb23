import type { JsonObject } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { createRandom } from "../chaos/random.ts";
import type { TestServer } from "../support/server.ts";
import { withToken } from "../support/with-token.ts";

/** Typed clients of a test server, by gRPC. */
export function clientsOf({ url, token }: Pick<TestServer, "url" | "token">) {
  const transport = createGrpcTransport({ baseUrl: url, interceptors: [withToken(token)] });
  return {
    studies: createClient(StudyService, transport),
    trials: createClient(TrialService, transport),
    analyses: createClient(AnalysisService, transport),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

const real = (name: string, low: number, high: number, log = false) => ({
  name,
  domain: { case: "real" as const, value: { low, high, log } },
});

/** A space of all kinds: `lr` matters most, then `depth` and `act`; `momentum` exists with one choice only; `idle` does nothing. */
export const parameters = [
  real("lr", 1e-5, 1e-1, true),
  { name: "depth", domain: { case: "integer" as const, value: { low: 1n, high: 12n } } },
  {
    name: "act",
    domain: {
      case: "categorical" as const,
      value: {
        choices: ["relu", "tanh", "gelu"].map((value) => ({
          kind: { case: "stringValue" as const, value },
        })),
      },
    },
  },
  {
    ...real("momentum", 0, 1),
    condition: { parent: "act", values: [{ kind: { case: "stringValue" as const, value: "tanh" } }] },
  },
  real("idle", 0, 1),
];

const paramsOf = (always: JsonObject, sometimes: JsonObject): JsonObject => ({ ...always, ...sometimes });

/** A trial at random; every tenth one was stopped after 3 of 10 reports. */
function trialAt(random: () => number, number: number) {
  const lr = 10 ** (-5 + 4 * random());
  const depth = 1 + Math.floor(12 * random());
  const act = ["relu", "tanh", "gelu"][Math.floor(3 * random())]!;
  const idle = random();
  const loss =
    (Math.log10(lr) + 2.5) ** 2 + 0.25 * Math.abs(depth - 7) + (act === "gelu" ? 0 : 0.4) + 0.05 * random();
  const isStopped = number % 10 === 9;
  return {
    params: paramsOf({ lr, depth, act, idle }, act === "tanh" ? { momentum: random() } : {}),
    values: [loss],
    state: isStopped ? TrialState.PRUNED : TrialState.COMPLETED,
    measurements: Array.from({ length: isStopped ? 3 : 10 }, (_, step) => ({
      step,
      values: [loss + 1 / (step + 1)],
    })),
  };
}

/** Makes a study of one objective with so many ended trials. */
export async function createStudy(clients: Clients, studyId: string, count: number): Promise<string> {
  await clients.studies.createStudy({ studyId, study: { parameters, objectives: [{ name: "loss" }] } });
  const random = createRandom(count);
  for (let from = 0; from < count; from += 2_000) {
    const trials = Array.from({ length: Math.min(2_000, count - from) }, (_, at) =>
      trialAt(random, from + at),
    );
    await clients.trials.importTrials({ study: studyId, trials });
  }
  return studyId;
}
