import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectHttp2 } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import { describe, expect, test } from "vitest";
import { GET_STUDY, call, expectAlive, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

async function grpcStatus(
  server: TestServer,
  path: string,
  study: string,
  timeout?: string,
): Promise<string> {
  const session = connectHttp2(server.origin);
  const stream = session.request({
    ":path": path,
    ":method": "POST",
    "content-type": "application/grpc",
    te: "trailers",
    ...(timeout === undefined ? {} : { "grpc-timeout": timeout }),
  });
  const message = Buffer.concat([Buffer.from([10, study.length]), Buffer.from(study)]);
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
  stream.resume();
  const status = await new Promise<string>((resolve) => {
    const look = (headers: IncomingHttpHeaders) => {
      const value = headers["grpc-status"];
      if (typeof value === "string") resolve(value);
    };
    stream.on("response", look);
    stream.on("trailers", look);
  });
  session.destroy();
  return status;
}

describe("a deadline that overflows Node's timers does not end the call at once:", () => {
  test.each(["2147483648", "9999999999"])("Connect-Timeout-Ms %s", async (timeout) => {
    const server = await startServer();
    const { status, json } = await call(
      server,
      { study: "slow" },
      { headers: { "connect-timeout-ms": timeout } },
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({ study: { name: "slow" } });
  });

  test.each(["99999999H", "99999999M", "99999999S", "2147484S"])("grpc-timeout %s", async (timeout) => {
    expect(await grpcStatus(await startServer(), GET_STUDY, "slow", timeout)).toBe("0");
  });

  test("of a stream", async () => {
    const server = await startServer();
    const client = createClient(StudyService, createGrpcTransport({ baseUrl: server.origin }));
    const headers = { "grpc-timeout": "99999999H" };
    const cursors: string[] = [];
    for await (const { cursor } of client.watchStudy({ study: "busy" }, { headers })) {
      cursors.push(cursor);
      if (cursors.length === 5) break;
    }
    expect(cursors).toHaveLength(5);
  });
});

test.each(["1n", "999u", "0m"])("a deadline shorter than a timer can keep is over: %s", async (timeout) => {
  expect(await grpcStatus(await startServer(), GET_STUDY, "s", timeout)).toBe("4");
});

describe("a deadline that is no number is refused", () => {
  test.each(["-1", "soon", "1.5", "99999999999", ""])("Connect-Timeout-Ms %j", async (timeout) => {
    const server = await startServer();
    const { status, json } = await call(
      server,
      { study: "s" },
      { headers: { "connect-timeout-ms": timeout } },
    );
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_argument", message: expect.stringContaining("timeout") });
    await expectAlive(server);
  });

  test.each(["1", "1D", "-1S", "999999999S"])("grpc-timeout %j", async (timeout) => {
    expect(await grpcStatus(await startServer(), GET_STUDY, "s", timeout)).toBe("3");
  });
});

describe("a deadline that passes", () => {
  test("ends a call whose implementation never looks at its signal", async () => {
    const server = await startServer();
    const { status, json } = await call(
      server,
      { study: "stuck" },
      { headers: { "connect-timeout-ms": "200" } },
    );
    expect(status).toBe(504);
    expect(json).toMatchObject({ code: "deadline_exceeded" });
    expect(await grpcStatus(server, GET_STUDY, "stuck", "200m")).toBe("4");
  });

  test("ends a stream whose implementation never looks at its signal", async () => {
    const server = await startServer();
    expect(await grpcStatus(server, "/asktell.v1.StudyService/WatchStudy", "quiet", "200m")).toBe("4");
  });

  test("ends a gate that waits for something that never comes", async () => {
    const server = await startServer({
      rpc: { requestGate: () => sleep(60_000, undefined, { ref: false }) },
    });
    const { status } = await call(server, { study: "s" }, { headers: { "connect-timeout-ms": "200" } });
    expect(status).toBe(504);
  });
});

describe("without a deadline", () => {
  test("a unary call ends at the default one, in each protocol", async () => {
    const server = await startServer({ rpc: { limits: { defaultUnaryTimeoutMs: 200 } } });
    expect((await call(server, { study: "stuck" })).status).toBe(504);
    expect(await grpcStatus(server, GET_STUDY, "stuck")).toBe("4");
    const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"study":"stuck"}')}`;
    expect((await fetch(`${server.origin}${GET_STUDY}?${query}`)).status).toBe(504);
  });

  test("a stream goes on past the default of unary calls", async () => {
    const server = await startServer({ rpc: { limits: { defaultUnaryTimeoutMs: 100 } } });
    const transport = createConnectTransport({ baseUrl: server.origin, httpVersion: "1.1" });
    const start = performance.now();
    for await (const _ of createClient(StudyService, transport).watchStudy({ study: "busy" })) {
      if (performance.now() - start > 400) break;
    }
    expect(performance.now() - start).toBeGreaterThan(400);
  });
});

test("a long deadline of a unary call is shortened to the limit", async () => {
  const server = await startServer({ rpc: { limits: { maxUnaryTimeoutMs: 200 } } });
  expect((await call(server, { study: "stuck" }, { headers: { "connect-timeout-ms": "5000" } })).status).toBe(
    504,
  );
});
