import { connect as connectHttp2 } from "node:http2";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { Health } from "@asktell/proto/health/v1/health_pb";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { AT_ONCE, GRACE, call, eventually, openRaw, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

const unavailable = () => new ConnectError("server is going down", Code.Unavailable);

async function timed(promise: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await promise;
  return performance.now() - start;
}

test("closing an idle server takes no time", async () => {
  const server = await startServer();
  expect(await timed(server.front.close(GRACE))).toBeLessThan(AT_ONCE);
});

test("a kept-alive connection without a request does not hold the server", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  client.write("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  await eventually(() => expect(client.text()).toContain("200 OK"));
  expect(await timed(server.front.close(GRACE))).toBeLessThan(AT_ONCE);
  await client.closed();
});

test("a connection that has not spoken yet does not hold the server", async () => {
  const server = await startServer();
  const silent = await openRaw(server);
  const halfway = await openRaw(server);
  halfway.write("PRI *");
  await call(server, { study: "s" });
  expect(await timed(server.front.close(GRACE))).toBeLessThan(AT_ONCE);
  await Promise.all([silent.closed(), halfway.closed()]);
});

test("calls that run are answered, new connections are refused", async () => {
  const server = await startServer();
  const overHttp1 = call(server, { study: "slow" });
  const session = connectHttp2(server.origin);
  const stream = session.request({
    ":path": "/asktell.v1.StudyService/GetStudy",
    ":method": "POST",
    "content-type": "application/json",
  });
  stream.end('{"study":"slow"}');
  const overHttp2 = new Promise((resolve) => stream.on("response", (headers) => resolve(headers[":status"])));
  stream.resume();
  await eventually(() => expect(server.running).toEqual(["slow", "slow"]));
  const goaway = new Promise((resolve) => session.once("goaway", resolve));
  const closing = server.front.close(GRACE);
  server.shutdown.abort(unavailable());
  await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
  await goaway;
  expect((await overHttp1).json).toMatchObject({ study: { name: "slow" } });
  expect(await overHttp2).toBe(200);
  expect(await timed(closing)).toBeLessThan(AT_ONCE);
});

test("a call that outlasts the grace is cut", async () => {
  const server = await startServer();
  const outcome = call(server, { study: "stuck" }).catch(() => "cut");
  await eventually(() => expect(server.running).toEqual(["stuck"]));
  expect(await timed(server.front.close(200))).toBeLessThan(AT_ONCE);
  expect(await outcome).toBe("cut");
});

test("closing twice is fine", async () => {
  const server = await startServer();
  const both = Promise.all([server.front.close(100), server.front.close(100)]);
  await expect(both).resolves.toEqual([undefined, undefined]);
});

const transports: [string, (server: TestServer) => Transport][] = [
  ["gRPC", ({ origin }) => createGrpcTransport({ baseUrl: origin })],
  ["gRPC-web", ({ origin }) => createGrpcWebTransport({ baseUrl: origin, httpVersion: "1.1" })],
  ["Connect", ({ origin }) => createConnectTransport({ baseUrl: origin, httpVersion: "1.1" })],
  ["Connect over HTTP/2", ({ origin }) => createConnectTransport({ baseUrl: origin, httpVersion: "2" })],
];

test.each(transports)(
  "open watches over %s end with unavailable and free the port at once",
  async (_, transport) => {
    const server = await startServer();
    const client = createClient(StudyService, transport(server));
    const watch = async (study: string): Promise<unknown> => {
      try {
        for await (const message of client.watchStudy({ study })) {
          if (message.cursor === "") return "no cursor";
        }
        return "ended";
      } catch (error) {
        return ConnectError.from(error).code;
      }
    };
    const watches = ["quiet", "busy", "quiet"].map(watch);
    await eventually(() => expect(server.running).toHaveLength(3));
    server.health.setServing(false);
    server.shutdown.abort(unavailable());
    expect(await timed(server.front.close(GRACE))).toBeLessThan(AT_ONCE);
    expect(await Promise.all(watches)).toEqual([Code.Unavailable, Code.Unavailable, Code.Unavailable]);
  },
);

test("health tells its watchers before anything is closed", async () => {
  const server = await startServer();
  const client = createClient(Health, createGrpcTransport({ baseUrl: server.origin }));
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { status } of client.watch({ service: "" })) seen.push(status);
  })().catch((error: unknown) => ConnectError.from(error).code);
  await eventually(() => expect(seen).toEqual([1]));
  server.health.setServing(false);
  await eventually(() => expect(seen).toEqual([1, 2]));
  server.shutdown.abort(unavailable());
  expect(await watching).toBe(Code.Unavailable);
  expect(seen).toEqual([1, 2]);
});
