import { connect, constants } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";
import { AskTrialsRequestSchema, TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { Code, ConnectError, type HandlerContext, type Interceptor } from "@connectrpc/connect";
import { beforeEach, describe, expect, test } from "vitest";
import { type RpcAdapterOptions } from "../../server/src/rpc/adapter.ts";
import { tokenKey } from "../../server/src/rpc/call-values.ts";
import type { UnaryImplementation } from "../../server/src/rpc/fast/index.ts";
import { type TestServer, startServer } from "./support.ts";

/*
 * Whatever a client sends, it must not be able to tell whether Connect's pipeline or the fast path answered. So every request goes to two
 * servers that differ in nothing else, and their answers are compared whole.
 */

async function askTrials(request: { study: string }, context: HandlerContext) {
  if (request.study === "missing") {
    const detail = { desc: ErrorInfoSchema, value: { reason: "STUDY_NOT_FOUND", domain: "asktell" } };
    throw new ConnectError("there is no study “ü/100%”", Code.NotFound, { "retry-after": "1" }, [detail]);
  }
  if (request.study === "broken") throw new Error("a secret of the database");
  if (request.study === "slow") await sleep(600_000, undefined, { ref: false });
  if (request.study === "patient") await sleep(600_000, undefined, { signal: context.signal });
  return {
    trials: [{ name: request.study, number: 0, params: { lr: 0.1, act: "ü" } }],
    retryAfter: durationFromMs(1_500),
  };
}

function admit(context: HandlerContext): void {
  if (context.values.get(tokenKey)?.value === "bad")
    throw new ConnectError("no", Code.Unauthenticated, { "www-authenticate": "Bearer" });
}

/** An interceptor that sees the message, the answer and the error. */
const mark: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    throw new ConnectError("masked", Code.Internal);
  }
};

const common: RpcAdapterOptions = {
  routes: (router) => router.service(TrialService, { askTrials }),
  interceptors: [mark],
  requestGate: admit,
};
let slow: TestServer;
let fast: TestServer;
let served = 0;

beforeEach(async () => {
  served = 0;
  const counted: UnaryImplementation = (message, context) => {
    served++;
    return askTrials(message as unknown as { study: string }, context);
  };
  const implementations = new Map([[TrialService.method.askTrials, counted]]);
  [slow, fast] = await Promise.all([
    startServer({ rpc: common }),
    startServer({ rpc: { ...common, fast: { admit, implementations } } }),
  ]);
});

const path = "/asktell.v1.TrialService/AskTrials";
const message = (study: string) => create(AskTrialsRequestSchema, { study });
const json = (study: string) => toJsonString(AskTrialsRequestSchema, message(study));
const proto = (study: string) => toBinary(AskTrialsRequestSchema, message(study));

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

async function overHttp1(server: TestServer, { headers, body }: Sent) {
  const response = await fetch(server.origin + path, {
    method: "POST",
    headers: { ...headers },
    body: body as BodyInit,
  });
  const answered = Object.fromEntries([...response.headers].filter(([name]) => !hopHeaders.has(name)));
  return {
    status: response.status,
    headers: answered,
    body: Buffer.from(await response.arrayBuffer()).toString("latin1"),
  };
}

/** Headers of the connection, not of the answer. */
const hopHeaders = new Set([
  "date",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "vary",
]);

function overHttp2(server: TestServer, { headers, body }: Sent) {
  return new Promise((resolve, reject) => {
    const session = connect(server.origin);
    session.on("error", reject);
    const stream = session.request({
      [constants.HTTP2_HEADER_PATH]: path,
      ":method": "POST",
      te: "trailers",
      ...headers,
    });
    const chunks: Buffer[] = [];
    let first = {};
    let last = {};
    stream.on("response", (seen) => (first = plain(seen)));
    stream.on("trailers", (seen) => (last = plain(seen)));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      session.close();
      // An answer without a message may carry its status in headers or in trailers: clients read both.
      resolve({ fields: { ...first, ...last }, body: Buffer.concat(chunks).toString("latin1") });
    });
    stream.end(body);
  });
}

function plain(headers: object): object {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));
}

function frame(content: Uint8Array, flags = 0): Uint8Array {
  const prefix = Buffer.alloc(5);
  prefix[0] = flags;
  prefix.writeUInt32BE(content.byteLength, 1);
  return Buffer.concat([prefix, content]);
}

const asJson = { "content-type": "application/json" };
const asProto = { "content-type": "application/proto" };
const asGrpc = { "content-type": "application/grpc" };

describe("over HTTP/1 a client cannot tell the paths apart", () => {
  const rows: [string, Sent, number][] = [
    ["JSON", { headers: asJson, body: json("mnist") }, 1],
    ["binary", { headers: asProto, body: proto("mnist") }, 1],
    ["an empty message", { headers: asJson, body: "{}" }, 1],
    ["a refusal with details", { headers: asJson, body: json("missing") }, 1],
    ["a refusal in binary", { headers: asProto, body: proto("missing") }, 1],
    ["an error that nobody foresaw", { headers: asJson, body: json("broken") }, 1],
    [
      "a deadline that passes",
      { headers: { ...asJson, "connect-timeout-ms": "1000" }, body: json("slow") },
      1,
    ],
    ["a deadline of nothing", { headers: { ...asJson, "connect-timeout-ms": "0" }, body: json("mnist") }, 0],
    [
      "a malformed deadline",
      { headers: { ...asJson, "connect-timeout-ms": "soon" }, body: json("mnist") },
      0,
    ],
    ["an unknown field", { headers: asJson, body: '{"stuudy":"a"}' }, 0],
    ["no JSON", { headers: asJson, body: "{" }, 0],
    ["no UTF-8", { headers: asJson, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, 0],
    ["no protobuf", { headers: asProto, body: Buffer.from([0xff, 0xff]) }, 0],
    ["a refused token", { headers: { ...asJson, authorization: "Bearer bad" }, body: json("mnist") }, 0],
    ["another content type", { headers: { "content-type": "text/plain" }, body: json("mnist") }, 0],
    [
      "a compression nobody knows",
      { headers: { ...asJson, "content-encoding": "zip" }, body: json("mnist") },
      0,
    ],
    ["gRPC, which needs HTTP/2", { headers: asGrpc, body: frame(proto("mnist")) }, 0],
    ["five megabytes", { headers: asJson, body: `{"study":"${"x".repeat(5 * 2 ** 20)}"}` }, 0],
  ];
  test.each(rows)("%s", async (_, sent, expected) => {
    const [left, right] = await Promise.all([overHttp1(slow, sent), overHttp1(fast, sent)]);
    expect(right).toEqual(left);
    expect(served).toBe(expected);
  });
});

describe("over HTTP/2 a client cannot tell the paths apart", () => {
  const rows: [string, Sent, number][] = [
    ["gRPC", { headers: asGrpc, body: frame(proto("mnist")) }, 1],
    [
      "gRPC that names its codec",
      { headers: { "content-type": "application/grpc+proto" }, body: frame(proto("mnist")) },
      1,
    ],
    ["a refusal with details", { headers: asGrpc, body: frame(proto("missing")) }, 1],
    ["an error that nobody foresaw", { headers: asGrpc, body: frame(proto("broken")) }, 1],
    [
      "a deadline that passes",
      { headers: { ...asGrpc, "grpc-timeout": "1S" }, body: frame(proto("slow")) },
      1,
    ],
    [
      "a deadline of a nanosecond",
      { headers: { ...asGrpc, "grpc-timeout": "1n" }, body: frame(proto("mnist")) },
      0,
    ],
    [
      "a refused token",
      { headers: { ...asGrpc, authorization: "Bearer bad" }, body: frame(proto("mnist")) },
      0,
    ],
    ["a frame that is cut off", { headers: asGrpc, body: frame(proto("mnist")).subarray(0, 7) }, 0],
    ["two messages", { headers: asGrpc, body: Buffer.concat([frame(proto("a")), frame(proto("b"))]) }, 0],
    ["a compressed message without a compression", { headers: asGrpc, body: frame(proto("mnist"), 1) }, 0],
    ["no protobuf", { headers: asGrpc, body: frame(Buffer.from([0xff, 0xff])) }, 0],
    ["JSON", { headers: asJson, body: json("mnist") }, 1],
    [
      "gRPC-web",
      { headers: { "content-type": "application/grpc-web+proto" }, body: frame(proto("mnist")) },
      0,
    ],
  ];
  test.each(rows)("%s", async (_, sent, expected) => {
    const [left, right] = await Promise.all([overHttp2(slow, sent), overHttp2(fast, sent)]);
    expect(right).toEqual(left);
    expect(served).toBe(expected);
  });
});

test("a call ends when its client leaves, and a body that dribbles in is still read", async () => {
  const leaving = new AbortController();
  const left = fetch(fast.origin + path, {
    method: "POST",
    headers: asJson,
    body: json("patient"),
    signal: leaving.signal,
  });
  await sleep(100);
  leaving.abort();
  await expect(left).rejects.toThrow("aborted");

  async function* dribble() {
    for (const piece of ['{"study"', ":", '"mnist"', "}"]) {
      yield Buffer.from(piece);
      await sleep(400);
    }
  }
  const request = {
    method: "POST",
    headers: asJson,
    body: dribble(),
    duplex: "half",
  } as unknown as RequestInit;
  const response = await fetch(fast.origin + path, request);
  expect(await response.json()).toMatchObject({ trials: [{ name: "mnist" }] });
});
