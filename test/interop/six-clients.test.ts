import { TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { call } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOut, missingCpp, missingPython, works } from "../support/toolchain.ts";
import { type InteropClient, lossOf, parameters } from "./client.ts";
import { bufCurlClient, curlClient } from "./command-client.ts";
import { grpcJsClient } from "./grpc-js.ts";
import { grpcWebClient } from "./grpc-web.ts";
import { buildCppClient, cppClient, grpcioClient } from "./program-client.ts";
import { type Together, workTogether } from "./work-together.ts";

const noPython = leaveOut("grpcio among the clients of one study", missingPython("grpc", "google.protobuf"));
const noCpp = leaveOut("gRPC C++ among the clients of one study", missingCpp());
const noCurl = leaveOut("curl among the clients of one study", [!works("curl", "--version") && "curl"]);

const database = useTestPostgres();
const study = "shared";
const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));
let clients: InteropClient[];
let told: Together["told"];
let count: number;

beforeAll(async () => {
  if (!noCpp) await buildCppClient();
  await call(server, "StudyService/CreateStudy", { studyId: study, study: { parameters, seed: 1 } });
  clients = [
    ...(noPython ? [] : [grpcioClient(server)]),
    ...(noCpp ? [] : [cppClient(server)]),
    bufCurlClient(server),
    grpcJsClient(server),
    grpcWebClient(server),
    ...(noCurl ? [] : [curlClient(server)]),
  ];
  ({ count, told } = await workTogether((method, body) => call(server, method, body), study, clients));
}, 600_000);
afterAll(async () => {
  for (const client of clients) client.close();
});

describe("six clients on one study at the same time", () => {
  test("leave one sequence of trials without a gap, and a finished study", async () => {
    const { trials } = await call<{ trials: { number: number; state: string; attempt: number }[] }>(
      server,
      "TrialService/ListTrials",
      { study },
    );
    expect(trials.map(({ number }) => number)).toEqual([...Array(count).keys()]);
    expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(["TRIAL_STATE_COMPLETED"]));
    expect(new Set(trials.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    expect(await call(server, "StudyService/GetStudy", { study })).toMatchObject({
      study: { state: "STUDY_STATE_FINISHED", finishReason: "FINISH_REASON_MAX_TRIALS" },
    });
  });

  test("have each told trials of their own, and every trial was told once", () => {
    for (const { name } of clients) expect(told.get(name)?.length, name).toBeGreaterThan(0);
    const numbers = [...told.values()].flat().map(({ number }) => number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
    for (const [name, trials] of told) {
      expect(new Set(trials.map(({ worker }) => worker))).toEqual(new Set([name]));
    }
  });

  test("worked at the same time", () => {
    const spans = [...told].flatMap(([name, trials]) =>
      trials.map(({ startTime, endTime }) => ({
        name,
        start: startTime === undefined ? NaN : timestampMs(startTime),
        end: endTime === undefined ? NaN : timestampMs(endTime),
      })),
    );
    for (const { name } of clients) {
      const own = spans.filter((span) => span.name === name);
      const others = spans.filter((span) => span.name !== name);
      const overlaps = own.some(({ start, end }) =>
        others.some((other) => other.start < end && start < other.end),
      );
      expect(overlaps, name).toBe(true);
    }
  });

  test("each see what the others were answered, to the last bit", async () => {
    const firsts = [...told.values()].flatMap(([first]) => first ?? []);
    const best = await call<{ trials: { name: string; values: number[] }[] }>(
      server,
      "StudyService/ListBestTrials",
      {
        study,
      },
    );
    const all = [...told.values()].flat();
    const least = Math.min(...all.flatMap(({ values }) => values));
    expect(best.trials[0]?.values).toEqual([least]);
    const names = firsts.map(({ name }) => name);
    const seen = await Promise.all(clients.map((client) => client.read(names)));
    clients.forEach(({ name }, index) => {
      const trials = seen[index] ?? [];
      expect(trials.length, name).toBe(firsts.length);
      trials.forEach((trial, at) => {
        const expected = firsts[at];
        expect(trial, name).toMatchObject({
          name: expected?.name,
          state: TrialState.COMPLETED,
          worker: expected?.worker,
          params: expected?.params,
          values: [lossOf(trial.params ?? {})],
          measurements: [{ step: 1, values: [lossOf(trial.params ?? {}) + 1], metrics: { seconds: 0.5 } }],
        });
      });
    });
  });
});
