import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Health } from "@asktell/proto/health/v1/health_pb";
import { ServerReflection } from "@asktell/proto/grpc/reflection/v1/reflection_pb";
import { ServerReflection as ServerReflectionAlpha } from "@asktell/proto/grpc/reflection/v1alpha/reflection_pb";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { root } from "../support/server.ts";
import { startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

/** buf's own client, in Go: as independent of our stack as a user's. */
async function bufCurl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(root, "node_modules/.bin/buf"), ["curl", ...args]);
  return stdout;
}

const grpc = ["--http2-prior-knowledge", "--protocol", "grpc"];

describe("reflection", () => {
  test("lists every method to buf curl, which has no proto file", async () => {
    const server = await startServer();
    const methods = (await bufCurl(...grpc, "--list-methods", server.origin)).split("\n");
    expect(methods).toContain("asktell.v1.StudyService/GetStudy");
    expect(methods).toContain("asktell.v1.StudyService/WatchStudy");
    expect(methods).toContain("grpc.health.v1.Health/Check");
  });

  test.each(["grpc", "grpcweb", "connect"])("lets buf curl make a call by %s", async (protocol) => {
    const server = await startServer();
    const url = `${server.origin}/asktell.v1.StudyService/GetStudy`;
    const answer = await bufCurl(
      "--http2-prior-knowledge",
      "--protocol",
      protocol,
      "-d",
      '{"study":"s"}',
      url,
    );
    expect(JSON.parse(answer)).toMatchObject({ study: { name: "s" } });
  });

  test.each(["grpc-v1", "grpc-v1alpha"])("is spoken in version %s", async (version) => {
    const server = await startServer();
    const methods = await bufCurl(...grpc, "--reflect-protocol", version, "--list-methods", server.origin);
    expect(methods).toContain("asktell.v1.StudyService/GetStudy");
  });

  type Query = Parameters<typeof ask>[1];
  async function ask(
    server: TestServer,
    messageRequest:
      | { case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType"; value: string }
      | { case: "fileContainingExtension"; value: { containingType: string; extensionNumber: number } }
      | { case: undefined },
    version: typeof ServerReflection | typeof ServerReflectionAlpha = ServerReflection,
  ) {
    const client = createClient(version, createGrpcTransport({ baseUrl: server.origin }));
    async function* requests() {
      yield { host: "h", messageRequest };
    }
    for await (const answer of client.serverReflectionInfo(requests())) return answer;
    throw new Error("no answer");
  }

  test.each([
    "asktell.v1.StudyService",
    "asktell.v1.StudyService.GetStudy",
    "asktell.v1.Study",
    "asktell.v1.Study.display_name",
    "asktell.v1.STUDY_STATE_ACTIVE",
    ".asktell.v1.Study",
  ])("finds the file of the symbol %s, with all that it imports", async (value) => {
    const server = await startServer();
    const { messageResponse, originalRequest } = await ask(server, { case: "fileContainingSymbol", value });
    expect(originalRequest?.host).toBe("h");
    if (messageResponse.case !== "fileDescriptorResponse") throw new Error(String(messageResponse.case));
    const [file, ...imports] = messageResponse.value.fileDescriptorProto.map((bytes) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    if (file === undefined) throw new Error("no file");
    // Throws when an import is missing.
    const registry = createFileRegistry(file, (name) => imports.find((imported) => imported.name === name));
    expect(registry.getMessage("asktell.v1.Study")?.fields.length).toBeGreaterThan(10);
  });

  test("knows extensions, as protovalidate's rules are", async () => {
    const server = await startServer();
    const value = "google.protobuf.FieldOptions";
    const { messageResponse } = await ask(server, { case: "allExtensionNumbersOfType", value });
    expect(messageResponse.value).toMatchObject({ extensionNumber: expect.arrayContaining([1159]) });
    const extension = { containingType: value, extensionNumber: 1159 };
    const found = await ask(
      server,
      { case: "fileContainingExtension", value: extension },
      ServerReflectionAlpha,
    );
    expect(found.messageResponse.case).toBe("fileDescriptorResponse");
  });

  const unknown: Query[] = [
    { case: "fileByFilename", value: "no/such.proto" },
    { case: "fileContainingSymbol", value: "constructor" },
    { case: "allExtensionNumbersOfType", value: "no.Such" },
    { case: "fileContainingExtension", value: { containingType: "asktell.v1.Study", extensionNumber: 7 } },
  ];
  test.each(unknown)("answers not found for %j", async (query) => {
    const { messageResponse } = await ask(await startServer(), query);
    expect(messageResponse).toMatchObject({ case: "errorResponse", value: { errorCode: Code.NotFound } });
  });

  test("answers a question that asks nothing", async () => {
    const { messageResponse } = await ask(await startServer(), { case: undefined });
    expect(messageResponse).toMatchObject({
      case: "errorResponse",
      value: { errorCode: Code.InvalidArgument },
    });
  });
});

describe("health", () => {
  const SERVING = 1;
  const NOT_SERVING = 2;
  const SERVICE_UNKNOWN = 3;

  test("is asked for the server and for each service", async () => {
    const server = await startServer();
    const client = createClient(Health, createGrpcTransport({ baseUrl: server.origin }));
    expect(await client.check({})).toMatchObject({ status: SERVING });
    expect(await client.check({ service: "asktell.v1.StudyService" })).toMatchObject({ status: SERVING });
    await expect(client.check({ service: "no.Such" })).rejects.toMatchObject({ code: Code.NotFound });
    server.health.setServing(false);
    expect(await client.check({})).toMatchObject({ status: NOT_SERVING });
    const { statuses } = await client.list({});
    expect(statuses["asktell.v1.StudyService"]).toMatchObject({ status: NOT_SERVING });
  });

  test("is watched: each change is told once", async () => {
    const server = await startServer();
    const client = createClient(Health, createGrpcTransport({ baseUrl: server.origin }));
    const seen: number[] = [];
    for await (const { status } of client.watch({})) {
      seen.push(status);
      if (seen.length === 1) {
        server.health.setServing(true);
        setTimeout(() => server.health.setServing(false), 30);
      }
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([SERVING, NOT_SERVING]);
    for await (const { status } of client.watch({ service: "no.Such" })) {
      expect(status).toBe(SERVICE_UNKNOWN);
      break;
    }
  });
});
