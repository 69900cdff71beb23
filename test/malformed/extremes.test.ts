import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { type DescMethod, type JsonValue, type Message, create, fromJson } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isServerStreaming, isUnary } from "../support/method-kinds.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { extremesOf } from "./extremes.ts";
import { type Target, expectAnswers, expectStop, expectUnharmed, startTarget } from "./target.ts";

const database = useTestPostgres();
let target: Target;
let transports: Record<string, Transport>;
beforeAll(async () => {
  target = await startTarget(database.url);
  const baseUrl = target.origin;
  transports = {
    gRPC: createGrpcTransport({ baseUrl }),
    JSON: createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  };
});
afterAll(() => expectStop(target));

const methods = [StudyService, TrialService, AnalysisService, TokenService].flatMap(
  (service) => service.methods,
);

/** Requests that are accepted, so that each extreme is the only thing wrong. Others begin empty. */
const bases: Readonly<Record<string, JsonValue>> = {
  CreateStudy: {
    study: {
      parameters: [
        { name: "a", integer: { low: "1", high: "3" } },
        { name: "b", real: { low: 0, high: 1 }, condition: { parent: "a", values: [1] } },
      ],
      objectives: [{ name: "loss" }],
      constraints: [{ metric: "memory", upper: 1 }],
    },
    validateOnly: true,
  },
  GetStudy: { study: "good" },
  UpdateStudy: { study: { name: "good" }, updateMask: "note" },
  // Of studies that are not there, or every later call would have nothing to be extreme about.
  DeleteStudy: { study: "nowhere" },
  FinishStudy: { study: "done" },
  WatchStudy: { study: "good", cursor: "0" },
  ListBestTrials: { study: "good" },
  ExportStudy: { study: "good" },
  AskTrials: { study: "good" },
  ReportTrial: { trial: "good/trials/0", values: [1] },
  RenewLease: { leases: [{ trial: "good/trials/0" }] },
  TellTrial: { trial: "good/trials/1", values: [1] },
  EnqueueTrials: { study: "good", trials: [{ params: { lr: 0.5 } }] },
  ImportTrials: {
    study: "good",
    trials: [
      { params: { lr: 0.5, n: 1, act: "tanh" }, values: [1], measurements: [{ step: 1, values: [1] }] },
    ],
  },
  GetTrial: { trial: "good/trials/0" },
  ListTrials: { study: "good", pageSize: 2 },
  FindTrials: { study: "good" },
  UpdateTrial: { trial: { name: "good/trials/0" }, updateMask: "attributes" },
  EditTrial: { trial: "queue/trials/0", params: { lr: 0.5, n: 1, act: "tanh" } },
  CancelTrial: { trial: "queue/trials/7" },
  GetImportances: { study: "good" },
  GetSlices: { study: "good" },
  GetContour: { study: "good" },
  SampleTrials: { study: "good" },
  GetDistribution: { study: "good" },
  GetProgress: { study: "good" },
  GetParetoFront: { study: "good" },
  GetExpectations: { study: "good" },
  GetPruningSavings: { study: "good" },
  ListHints: { study: "good" },
  CreateToken: { token: { displayName: "a" } },
};

/** What says that the request is at fault, or that it took too long. */
const acceptable = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.FailedPrecondition,
  Code.Aborted,
  Code.ResourceExhausted,
  Code.DeadlineExceeded,
]);

/** How the call failed in a way that it should not have; undefined if it did not. */
async function failureOf(
  transport: Transport,
  method: DescMethod,
  message: Message,
): Promise<string | undefined> {
  const header = { authorization: `Bearer ${target.tokens.manage}` };
  try {
    if (isUnary(method)) {
      await transport.unary(method, undefined, 3_000, header, message);
    } else if (isServerStreaming(method)) {
      const sent = (async function* () {
        yield message;
      })();
      const answer = await transport.stream(method, undefined, 500, header, sent);
      for await (const part of answer.message) if (part === undefined) break;
    }
    return undefined;
  } catch (error) {
    const { code, rawMessage, cause } = ConnectError.from(error);
    // What this side cannot write as JSON never left.
    if (cause instanceof Error && cause.message.startsWith("cannot encode")) return undefined;
    if (acceptable.has(code) && rawMessage !== "") return undefined;
    return `${Code[code]}: ${rawMessage}`;
  }
}

describe.each(["gRPC", "JSON"])(
  "by %s, every method bears each of its fields at its extremes:",
  (protocol) => {
    test.each(methods)("$name", async (method) => {
      const transport = transports[protocol];
      if (transport === undefined) throw new Error(`no transport for ${protocol}`);
      const base = fromJson(method.input, bases[method.name] ?? {});
      const requests = [
        { name: "an empty message", message: create(method.input) as Message },
        { name: "as it should be", message: base as Message },
        ...extremesOf(method.input, base),
      ];
      const failures: string[] = [];
      for (const { name, message } of requests) {
        const failure = await failureOf(transport, method, message);
        if (failure !== undefined) failures.push(`${name}: ${failure}`);
      }
      expect(failures).toEqual([]);
      await expectAnswers(target);
    });
  },
);

test("after all that the server is the same process, with nothing failed and no token in its log", () =>
  expectUnharmed(target));
