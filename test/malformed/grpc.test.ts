import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { Client, Metadata, type ServiceError, credentials, status as Status } from "@grpc/grpc-js";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { type DescMethodUnary, type JsonValue, fromJson, toBinary } from "@bufbuild/protobuf";
import { GoogleError } from "google-gax";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { openHttp2, path } from "./raw.ts";
import { type Target, expectAnswers, expectStop, expectUnharmed, startTarget } from "./target.ts";

// What the JSON tests find, gRPC clients must find too: by gRPC's own library, and details by Google's.
const database = useTestPostgres();
let target: Target;
let client: Client;
beforeAll(async () => {
  target = await startTarget(database.url);
  client = new Client(target.server.address, credentials.createInsecure());
});
afterEach(() => expectAnswers(target));
afterAll(async () => {
  client.close();
  await expectStop(target);
});

interface Failure {
  readonly code: number;
  readonly text: string;
  readonly reason: string | undefined;
  readonly fields: readonly string[];
}

/** Sends bytes as a message of the method; they must be refused. */
async function refused(
  { parent, name }: DescMethodUnary,
  bytes: Uint8Array,
  metadata: Metadata = withToken(target.tokens.manage),
): Promise<Failure> {
  const error = await new Promise<ServiceError>((resolve, reject) => {
    const path = `/${parent.typeName}/${name}`;
    const same = (message: Uint8Array): Buffer => Buffer.from(message);
    client.makeUnaryRequest(
      path,
      same,
      same,
      bytes,
      metadata,
      { deadline: Date.now() + 120_000 },
      (failure) => {
        if (failure === null) reject(new Error(`${name} accepted it`));
        else resolve(failure);
      },
    );
  });
  const { reason, statusDetails = [] } = GoogleError.parseGRPCStatusDetails(
    Object.assign(new GoogleError(error.details), { metadata: error.metadata, code: error.code }),
  );
  const fields = (statusDetails as { fieldViolations?: { field: string }[] }[])
    .flatMap(({ fieldViolations }) => fieldViolations ?? [])
    .map(({ field }) => field);
  return { code: error.code, text: error.details, reason, fields };
}

function withToken(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

const bytesOf = ({ input }: DescMethodUnary, json: JsonValue) => toBinary(input, fromJson(input, json));

const { createStudy, getStudy } = StudyService.method;
const { askTrials, tellTrial, reportTrial, listTrials, getTrial } = TrialService.method;

describe("a gRPC client learns the cause, and the field, of", () => {
  test.each<[string, DescMethodUnary, JsonValue, number, string, string | undefined, RegExp]>([
    [
      "low above high",
      createStudy,
      { study: { parameters: [{ name: "x", real: { low: 2, high: 1 } }] } },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "study.parameters[0].real.low",
      /^study.parameters\[0\].real.low: 2 is not accepted: expected at most high, which is 1$/,
    ],
    [
      "a bound that is NaN",
      createStudy,
      { study: { parameters: [{ name: "x", real: { low: "NaN", high: 1 } }] } },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "study.parameters[0].real.low",
      /NaN is not accepted/,
    ],
    [
      "no choices",
      createStudy,
      { study: { parameters: [{ name: "ü", categorical: {} }] } },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "study.parameters[0].categorical.choices",
      /at least 1/,
    ],
    [
      "an unknown study",
      getStudy,
      { study: "nowhere" },
      Status.NOT_FOUND,
      "STUDY_NOT_FOUND",
      undefined,
      /^there is no study "nowhere" in this project$/,
    ],
    [
      "an unknown trial",
      getTrial,
      { trial: "good/trials/99" },
      Status.NOT_FOUND,
      "TRIAL_NOT_FOUND",
      undefined,
      /no trial 99/,
    ],
    [
      "a study that exists",
      createStudy,
      { studyId: "good", study: { parameters: [{ name: "x", real: { high: 1 } }] } },
      Status.ALREADY_EXISTS,
      "STUDY_EXISTS",
      undefined,
      /"good"/,
    ],
    [
      "a study of another space",
      createStudy,
      { studyId: "good", allowExisting: true, study: { parameters: [{ name: "x", real: { high: 1 } }] } },
      Status.FAILED_PRECONDITION,
      "SPACE_MISMATCH",
      undefined,
      /parameters/,
    ],
    [
      "a value outside",
      askTrials,
      { study: "good", fixedParams: { lr: 7 } },
      Status.INVALID_ARGUMENT,
      "PARAMETER_OUT_OF_DOMAIN",
      "fixed_params.lr",
      /7 is not accepted: expected a number from 0 to 1/,
    ],
    [
      "NUL in a text",
      askTrials,
      { study: "good", worker: "\0" },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "worker",
      /U\+0000/,
    ],
    [
      "too many values",
      tellTrial,
      { trial: "good/trials/0", values: [1, 2] },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "values",
      /has 2 numbers: expected 1/,
    ],
    [
      "no values",
      tellTrial,
      { trial: "good/trials/0" },
      Status.INVALID_ARGUMENT,
      "METRIC_MISSING",
      "values",
      /"value"/,
    ],
    [
      "a trial told twice",
      tellTrial,
      { trial: "good/trials/3", values: [3] },
      Status.FAILED_PRECONDITION,
      "TRIAL_ALREADY_TERMINAL",
      undefined,
      /has ended already/,
    ],
    [
      "the lease token of another trial",
      reportTrial,
      { trial: "good/trials/0", leaseToken: "1-1", values: [1] },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "lease_token",
      /"1-1"/,
    ],
    [
      "a request id of another request",
      askTrials,
      { study: "good", requestId: "asked" },
      Status.INVALID_ARGUMENT,
      "REQUEST_ID_REUSED",
      undefined,
      /asked/,
    ],
    [
      "a filter that is none",
      listTrials,
      { study: "good", filter: "cost <" },
      Status.INVALID_ARGUMENT,
      "INVALID_REQUEST",
      "filter",
      /cost/,
    ],
  ])("%s", async (_, method, json, code, reason, field, text) => {
    const failure = await refused(method, bytesOf(method, json));
    expect(failure).toMatchObject({ code, reason, text: expect.stringMatching(text) });
    if (field !== undefined) expect(failure.fields).toContain(field);
  });

  test.each([
    ["a message cut short", "0a7f61"],
    ["an endless varint", "ff".repeat(20)],
    ["text that is no UTF-8", "0a02c328"],
    ["garbage", "89504e470d0a1a0a0000000d"],
  ])("%s, on the short way and on the long one", async (_, hex) => {
    for (const method of [askTrials, getStudy]) {
      const failure = await refused(method, Buffer.from(hex, "hex"));
      expect(failure).toMatchObject({ code: Status.INVALID_ARGUMENT, reason: "INVALID_REQUEST" });
      expect(failure.text).toMatch(/^the request is no asktell.v1.\w+ message: ./);
    }
  });

  test("an error that would be larger than a client reads", async () => {
    const parameters = Array.from({ length: 256 }, (_, index) => ({
      name: `${"数".repeat(100)}${index}`,
      real: { low: 2, high: 1 },
    }));
    const many = await refused(createStudy, bytesOf(createStudy, { study: { parameters } }));
    expect(many).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      text: expect.stringMatching(/and 255 more/),
    });
    expect(many.fields.length).toBeGreaterThan(5);
    const long = "数".repeat(1_000_000);
    const one = await refused(askTrials, bytesOf(askTrials, { study: "good", fixedParams: { lr: long } }));
    expect(one).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      reason: "PARAMETER_OUT_OF_DOMAIN",
      fields: ["fixed_params.lr"],
    });
    const other = {
      studyId: "good",
      allowExisting: true,
      study: { parameters: [{ name: "x", categorical: { choices: [long] } }] },
    };
    expect(await refused(createStudy, bytesOf(createStudy, other))).toMatchObject({
      code: Status.FAILED_PRECONDITION,
      reason: "SPACE_MISMATCH",
    });
  });

  test.each<[string, (tokens: Target["tokens"]) => string | undefined, number, string]>([
    ["no token", () => undefined, Status.UNAUTHENTICATED, "TOKEN_INVALID"],
    ["an invented token", () => "at_invented", Status.UNAUTHENTICATED, "TOKEN_INVALID"],
    ["an expired token", ({ expired }) => expired, Status.UNAUTHENTICATED, "TOKEN_EXPIRED"],
    ["a revoked token", ({ revoked }) => revoked, Status.UNAUTHENTICATED, "TOKEN_REVOKED"],
    ["a token for reading", ({ read }) => read, Status.PERMISSION_DENIED, "TOKEN_SCOPE"],
  ])("%s", async (_, tokenOf, code, reason) => {
    const token = tokenOf(target.tokens);
    const metadata = token === undefined ? new Metadata() : withToken(token);
    expect(await refused(askTrials, bytesOf(askTrials, { study: "good" }), metadata)).toMatchObject({
      code,
      reason,
    });
  });

  test("a message above 4 MiB", async () => {
    const failure = await refused(getStudy, Buffer.alloc(5 * 2 ** 20));
    expect(failure).toMatchObject({ code: Status.RESOURCE_EXHAUSTED, reason: "PAYLOAD_TOO_LARGE" });
  });
});

/** What a call of GetStudy made of bare frames is answered with. */
async function sendFrames(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: string; message: string }> {
  const session = openHttp2(target);
  const stream = session.request({
    ":path": path,
    ":method": "POST",
    te: "trailers",
    "content-type": "application/grpc",
    authorization: `Bearer ${target.tokens.manage}`,
    ...headers,
  });
  stream.on("error", () => undefined);
  const found: Record<string, unknown> = {};
  stream.on("response", (answer) => Object.assign(found, answer));
  stream.on("trailers", (answer) => Object.assign(found, answer));
  stream.resume();
  stream.end(body);
  await once(stream, "close");
  session.destroy();
  return { status: String(found["grpc-status"]), message: decodeURIComponent(String(found["grpc-message"])) };
}

/** Five bytes before each message: whether it is compressed, and its length. */
function envelope(message: Buffer, flags = 0, length = message.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flags;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

describe("gRPC's own frames are refused with a status and a reason that hold", () => {
  const good = Buffer.concat([Buffer.from([0x0a, 4]), Buffer.from("good")]);
  test.each<[string, Buffer, Record<string, string>, number, RegExp]>([
    ["no message", Buffer.alloc(0), {}, Status.UNIMPLEMENTED, /missing input message/],
    ["a length cut short", Buffer.from([0, 0, 0]), {}, Status.INVALID_ARGUMENT, /incomplete envelope/],
    ["less than they say", envelope(good, 0, 100), {}, Status.INVALID_ARGUMENT, /incomplete envelope/],
    [
      "two messages",
      Buffer.concat([envelope(good), envelope(good)]),
      {},
      Status.UNIMPLEMENTED,
      /extra input message/,
    ],
    ["4 GiB, they say", envelope(good, 0, 2 ** 32 - 1), {}, Status.RESOURCE_EXHAUSTED, /4194304/],
    // gRPC's specification has INTERNAL for it (doc/compression.md).
    ["compressed bytes of no compression", envelope(good, 1), {}, Status.INTERNAL, /compressed/],
    [
      "an unknown compression",
      envelope(good, 1),
      { "grpc-encoding": "snappy" },
      Status.UNIMPLEMENTED,
      /unknown compression "snappy": supported encodings are gzip/,
    ],
    [
      "no gzip, though they say so",
      envelope(good, 1),
      { "grpc-encoding": "gzip" },
      Status.INVALID_ARGUMENT,
      /no gzip/,
    ],
    [
      "64 MiB in 64 KiB",
      envelope(gzipSync(Buffer.alloc(64 * 2 ** 20)), 1),
      { "grpc-encoding": "gzip" },
      Status.RESOURCE_EXHAUSTED,
      /4194304/,
    ],
    [
      "a deadline that is none",
      envelope(good),
      { "grpc-timeout": "soon" },
      Status.INVALID_ARGUMENT,
      /invalid grpc timeout value: soon/,
    ],
    [
      "a deadline that is over",
      envelope(good),
      { "grpc-timeout": "1n" },
      Status.DEADLINE_EXCEEDED,
      /timed out|within/,
    ],
    [
      "JSON",
      envelope(Buffer.from('{"study":"good"}')),
      {},
      Status.INVALID_ARGUMENT,
      /no asktell.v1.GetStudyRequest message/,
    ],
    [
      "an unknown codec",
      envelope(good),
      { "content-type": "application/grpc+thrift" },
      Status.INVALID_ARGUMENT,
      /cannot read content type application\/grpc\+thrift/,
    ],
  ])("%s", async (_, body, headers, status, message) => {
    const answer = await sendFrames(body, headers);
    expect(answer).toEqual({ status: String(status), message: expect.stringMatching(message) });
  });
});

test("after all that the server is the same process, with nothing failed and no token in its log", () =>
  expectUnharmed(target));
