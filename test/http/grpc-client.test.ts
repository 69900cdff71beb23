import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { Client, Metadata, credentials, status as Status } from "@grpc/grpc-js";
import type { CallOptions, ClientUnaryCall, ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import { expectAlive, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

// grpc-js is gRPC's own client for Node and shares no code with Connect.
const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function clientOf(server: TestServer, options: Record<string, number> = {}): Client {
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure(), options);
  clients.push(client);
  return client;
}

const encode =
  <M extends DescMessage>(schema: M) =>
  (message: MessageShape<M>) =>
    Buffer.from(toBinary(schema, message));

type Outcome<O extends DescMessage> = { error: ServiceError } | { answer: MessageShape<O> };
type GetStudy = typeof StudyService.method.getStudy;

interface Call {
  path?: string;
  metadata?: Metadata;
  options?: CallOptions;
}

function getStudy(
  client: Client,
  init: MessageInitShape<GetStudy["input"]>,
  { path = "/asktell.v1.StudyService/GetStudy", metadata = new Metadata(), options = {} }: Call = {},
  started: (call: ClientUnaryCall) => void = () => undefined,
): Promise<Outcome<GetStudy["output"]>> {
  const { input, output } = StudyService.method.getStudy;
  return new Promise((resolve) => {
    const call = client.makeUnaryRequest(
      path,
      encode(input),
      (bytes) => fromBinary(output, bytes),
      create(input, init),
      metadata,
      options,
      (error, answer) => {
        if (error !== null) resolve({ error });
        else if (answer !== undefined) resolve({ answer });
      },
    );
    started(call);
  });
}

describe("a gRPC client", () => {
  test("calls with metadata and gets the answer", async () => {
    const metadata = new Metadata();
    metadata.set("authorization", "Bearer at_abc");
    const outcome = await getStudy(clientOf(await startServer()), { study: "s" }, { metadata });
    expect(outcome).toMatchObject({ answer: { study: { name: "s", displayName: "header:at_abc" } } });
  });

  test("sees the status of an error, and no text of an exception", async () => {
    const client = clientOf(await startServer());
    expect(await getStudy(client, { study: "refused" })).toMatchObject({
      error: { code: Status.NOT_FOUND, details: "no such study: projects/a/ü 100%" },
    });
    const broken = await getStudy(client, { study: "broken" });
    expect(broken).toMatchObject({ error: { code: Status.INTERNAL, details: "internal error" } });
  });

  test("sees UNIMPLEMENTED, with what exists, for a method that does not", async () => {
    const client = clientOf(await startServer());
    const path = "/asktell.v1.StudyService/GetStuddy";
    expect(await getStudy(client, { study: "s" }, { path })).toMatchObject({
      error: { code: Status.UNIMPLEMENTED, details: expect.stringContaining("GetStudy, ListStudies") },
    });
  });

  test("sees RESOURCE_EXHAUSTED for a message above the limit", async () => {
    const server = await startServer({ rpc: { limits: { readMaxBytes: 100_000 } } });
    const client = clientOf(server, { "grpc.max_send_message_length": -1 });
    expect(await getStudy(client, { study: "x".repeat(200_000) })).toMatchObject({
      error: { code: Status.RESOURCE_EXHAUSTED },
    });
    await expectAlive(server);
  });

  test("sees INVALID_ARGUMENT and why for a malformed token", async () => {
    const metadata = new Metadata();
    metadata.set("authorization", "Bearer a b");
    expect(await getStudy(clientOf(await startServer()), { study: "s" }, { metadata })).toMatchObject({
      error: { code: Status.INVALID_ARGUMENT, details: "The text in the header is not a token." },
    });
  });

  test("has its deadline kept, and its cancellation", async () => {
    const server = await startServer();
    const client = clientOf(server);
    const late = await getStudy(client, { study: "stuck" }, { options: { deadline: Date.now() + 200 } });
    expect(late).toMatchObject({ error: { code: Status.DEADLINE_EXCEEDED } });
    const cancelled = await getStudy(client, { study: "patient" }, {}, (call) =>
      setTimeout(() => call.cancel(), 50),
    );
    expect(cancelled).toMatchObject({ error: { code: Status.CANCELLED } });
    await expectAlive(server);
  });

  test("reads gzip and sends it", async () => {
    const GZIP = 2;
    const client = clientOf(await startServer(), { "grpc.default_compression_algorithm": GZIP });
    const study = "x".repeat(50_000);
    expect(await getStudy(client, { study })).toMatchObject({ answer: { study: { name: study } } });
  });

  test("reads a stream until it has enough, and sends a thousand calls over one connection", async () => {
    const server = await startServer();
    const client = clientOf(server);
    const { input, output } = StudyService.method.watchStudy;
    const stream = client.makeServerStreamRequest(
      "/asktell.v1.StudyService/WatchStudy",
      encode(input),
      (bytes) => fromBinary(output, bytes),
      create(input, { study: "busy" }),
    );
    const cursors: string[] = [];
    for await (const { cursor } of stream as AsyncIterable<{ cursor: string }>) {
      cursors.push(cursor);
      if (cursors.length === 5) break;
    }
    expect(cursors).toEqual(["1", "2", "3", "4", "5"]);
    const names = Array.from({ length: 1_000 }, (_, i) => `s${i}`);
    const outcomes = await Promise.all(names.map((study) => getStudy(client, { study })));
    expect(outcomes.map((outcome) => "answer" in outcome && outcome.answer.study?.name)).toEqual(names);
    await expectAlive(server);
  });
});
