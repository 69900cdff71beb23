import { connect as connectHttp2 } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { GET_STUDY, PREFACE, expectAlive, openRaw, startServer } from "./support.ts";

const quick = { headersTimeoutMs: 300, requestTimeoutMs: 600, connectionsCheckingIntervalMs: 50 };
const head = `POST ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n`;

test("headers that never end are answered 408, and the connection is closed", async () => {
  const server = await startServer({ limits: { ...quick, requestTimeoutMs: 60_000 } });
  const client = await openRaw(server);
  client.write(head);
  const drip = setInterval(() => client.write("X-Slow: 1\r\n"), 50);
  const text = await client.closed();
  clearInterval(drip);
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(text).toContain('"code":"deadline_exceeded"');
  await expectAlive(server);
});

test("a body that never ends is answered 408, and the connection is closed", async () => {
  const server = await startServer({ limits: quick });
  const client = await openRaw(server);
  client.write(`${head}Content-Length: 1000\r\n\r\n`);
  const drip = setInterval(() => client.write(" "), 50);
  const text = await client.closed();
  clearInterval(drip);
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  await expectAlive(server);
});

test("a chunked body that never ends is cut off too", async () => {
  const server = await startServer({ limits: quick });
  const client = await openRaw(server);
  client.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  const drip = setInterval(() => client.write("1\r\n \r\n"), 50);
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(drip);
  await expectAlive(server);
});

test("an HTTP/2 body that never ends is answered deadline_exceeded, and the stream is closed", async () => {
  const server = await startServer({ rpc: { limits: { bodyTimeoutMs: 300 } } });
  const session = connectHttp2(server.origin);
  const stream = session.request({
    ":path": GET_STUDY,
    ":method": "POST",
    "content-type": "application/json",
  });
  const drip = setInterval(() => stream.writable && stream.write(" "), 50);
  let text = "";
  stream.setEncoding("utf8");
  stream.on("error", () => undefined);
  stream.on("data", (chunk) => (text += String(chunk)));
  await new Promise((resolve) => stream.once("close", resolve));
  clearInterval(drip);
  expect(text).toContain('"code":"deadline_exceeded"');
  expect(text).toContain("did not arrive within 300 ms");
  session.destroy();
  await expectAlive(server);
});

test("a gRPC body that never ends is answered deadline_exceeded", async () => {
  const server = await startServer({ rpc: { limits: { bodyTimeoutMs: 300 } } });
  const session = connectHttp2(server.origin);
  const stream = session.request({
    ":path": GET_STUDY,
    ":method": "POST",
    "content-type": "application/grpc",
  });
  stream.write(Buffer.from([0, 0, 0, 0, 9]));
  stream.on("error", () => undefined);
  stream.resume();
  const status = await new Promise((resolve) => {
    stream.on(
      "response",
      (headers) => headers["grpc-status"] !== undefined && resolve(headers["grpc-status"]),
    );
    stream.on("trailers", (headers) => resolve(headers["grpc-status"]));
  });
  expect(status).toBe("4");
  session.destroy();
  await expectAlive(server);
});

test("an idle HTTP/2 session is sent away, one with a quiet watch is kept", async () => {
  const server = await startServer({ limits: { sessionIdleMs: 1_000 } });
  const idle = connectHttp2(server.origin);
  const gone = new Promise((resolve) => idle.once("goaway", resolve));
  const watching = connectHttp2(server.origin);
  const watch = watching.request({
    ":path": "/asktell.v1.StudyService/WatchStudy",
    ":method": "POST",
    "content-type": "application/grpc",
  });
  watch.on("error", () => undefined);
  watch.end(Buffer.from([0, 0, 0, 0, 3, 10, 1, 115]));
  watch.resume();
  await gone;
  await sleep(500);
  expect(watching.closed).toBe(false);
  expect(watching.destroyed).toBe(false);
  // Once the watch has ended the session is idle like any other.
  const end = new Promise((resolve) => watching.once("goaway", resolve));
  watch.close();
  await end;
  watching.destroy();
  idle.destroy();
});

test("an HTTP/2 client that says nothing after its preface is sent away as idle", async () => {
  const server = await startServer({ limits: { sessionIdleMs: 200 } });
  const client = await openRaw(server);
  client.write(PREFACE);
  client.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  expect((await client.closed()).length).toBeGreaterThan(0);
  await expectAlive(server);
});

test("a client that never reads its answer holds no more than its own connection", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  client.socket.pause();
  const body = `{"study":{"displayName":"${"x".repeat(1_000_000)}"}}`;
  const create = GET_STUDY.replace("GetStudy", "CreateStudy");
  for (let i = 0; i < 5; i += 1) {
    client.write(
      `POST ${create} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
  await sleep(200);
  await expectAlive(server);
  client.socket.destroy();
  await expectAlive(server);
});
