import { connect as connectHttp2 } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { GET_STUDY, PREFACE, eventually, expectAlive, openRaw, startServer } from "./support.ts";

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const END_BOTH = 0x5;

// HPACK, RFC 7541: `:method: GET`, `:scheme: http`, `:path: /` from the static table, `:authority: h` as a literal.
const GET_ROOT = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x68]);

// CVE-2023-44487.
test("a connection that opens and resets streams without end is closed", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  client.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0, Buffer.alloc(0))]));
  const cancel = Buffer.from([0, 0, 0, 8]);
  let closed = false;
  void client.closed().then(() => (closed = true));
  for (let stream = 1; stream < 40_000 && !closed; stream += 2) {
    client.write(frame(HEADERS, END_BOTH, stream, GET_ROOT));
    client.write(frame(RST_STREAM, 0, stream, cancel));
    if (stream % 500 === 1) await sleep(1);
  }
  await eventually(() => expect(closed).toBe(true));
  await expectAlive(server);
});

test("calls that are cancelled at once leave the server at rest", async () => {
  const server = await startServer();
  const session = connectHttp2(server.origin);
  for (let i = 0; i < 300; i += 1) {
    const stream = post(session, GET_STUDY, '{"study":"patient"}');
    stream.on("error", () => undefined);
    if (i % 2 === 0) stream.close(8);
    else setImmediate(() => stream.close(8));
  }
  await sleep(200);
  session.destroy();
  await expectAlive(server);
});

test("an HTTP/1 client that hangs up in the middle of a call or a body is no error", async () => {
  const server = await startServer();
  const head = `POST ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n`;
  for (const bytes of [
    `${head}Content-Length: 100\r\n\r\n{`,
    `${head}Content-Length: 19\r\n\r\n{"study":"patient"}`,
    `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"st`,
  ]) {
    const client = await openRaw(server);
    client.write(bytes);
    await sleep(30);
    client.socket.resetAndDestroy();
  }
  await sleep(50);
  await expectAlive(server);
});

test("a session whose socket dies under running calls is no error", async () => {
  const server = await startServer();
  const session = connectHttp2(server.origin);
  session.on("error", () => undefined);
  for (let i = 0; i < 10; i += 1)
    post(session, GET_STUDY, '{"study":"patient"}').on("error", () => undefined);
  await sleep(50);
  session.destroy();
  await sleep(50);
  await expectAlive(server);
});

test("no more than the allowed number of streams runs on one session", async () => {
  const server = await startServer({ limits: { maxConcurrentStreams: 4 } });
  const session = connectHttp2(server.origin);
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  expect(session.remoteSettings.maxConcurrentStreams).toBe(4);
  session.destroy();
});

function post(session: ClientHttp2Session, path: string, body: string) {
  const stream = session.request({ ":path": path, ":method": "POST", "content-type": "application/json" });
  stream.end(body);
  stream.resume();
  return stream;
}
