import { connect as connectHttp2 } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  AT_ONCE,
  GRACE,
  GET_STUDY,
  PREFACE,
  eventually,
  expectAlive,
  openRaw,
  sendRaw,
  startServer,
} from "./support.ts";

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;

test("an HTTP/1 request that arrives one byte at a time is answered", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  for (const byte of get("/healthz")) {
    client.write(byte);
    await sleep(1);
  }
  expect(await client.closed()).toContain('{"status":"ok"}');
});

test("an HTTP/2 preface that arrives one byte at a time opens an HTTP/2 session", async () => {
  const server = await startServer();
  const client = await openRaw(server);
  for (const byte of PREFACE) {
    client.write(byte);
    await sleep(1);
  }
  // Empty SETTINGS frames: ours to complete the preface, and the server's own first frame in return.
  client.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  await eventually(() => expect(client.text().charCodeAt(3)).toBe(4));
  client.socket.destroy();
  await expectAlive(server);
});

test("HTTP/1 and HTTP/2 clients are served side by side", async () => {
  const server = await startServer();
  const session = connectHttp2(server.origin);
  const answers = Array.from({ length: 20 }, (_, i) => i).map(async (i) => {
    if (i % 2 === 0) return expectAlive(server);
    const stream = session.request({ ":path": "/healthz" });
    stream.setEncoding("utf8");
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(text).toBe('{"status":"ok"}');
  });
  await Promise.all(answers);
  session.destroy();
});

test.each([
  "PRI /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
  "PROPFIND / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
  "PRI * HTTP/1.1\r\nHost: h\r\n\r\n",
])("%j, which begins like the preface but is not, gets an HTTP/1 answer", async (bytes) => {
  const server = await startServer();
  expect(await sendRaw(server, bytes)).toMatch(/^HTTP\/1\.1 [45]\d\d /);
  await expectAlive(server);
});

test("a TLS handshake on a cleartext port is refused at once", async () => {
  const server = await startServer();
  const answer = await sendRaw(server, Buffer.from("160301007c010000780303", "hex"));
  expect(answer).toContain("400");
  await expectAlive(server);
});

test("a silent connection is closed when the preface is overdue", async () => {
  const server = await startServer({ limits: { prefaceTimeoutMs: 200 } });
  const start = performance.now();
  const client = await openRaw(server);
  expect(await client.closed()).toBe("");
  expect(performance.now() - start).toBeGreaterThan(150);
  await expectAlive(server);
});

test("a connection that stops within the preface is closed when it is overdue", async () => {
  const server = await startServer({ limits: { prefaceTimeoutMs: 200 } });
  const client = await openRaw(server);
  client.write(PREFACE.slice(0, 20));
  expect(await client.closed()).toBe("");
  await expectAlive(server);
});

test("a client that leaves within the preface leaves nothing behind", async () => {
  const server = await startServer();
  for (const bytes of ["", PREFACE.slice(0, 10)]) {
    const client = await openRaw(server);
    client.write(bytes);
    client.socket.end();
    await client.closed();
  }
  const reset = await openRaw(server);
  reset.write("PRI");
  await sleep(20);
  reset.socket.resetAndDestroy();
  await expectAlive(server);
  // Nothing to wait for: close resolves although the grace is long.
  const start = performance.now();
  await server.front.close(GRACE);
  expect(performance.now() - start).toBeLessThan(AT_ONCE);
});

test("two requests sent at once on one connection are answered in order", async () => {
  const server = await startServer();
  const body = '{"study":"first"}';
  const post = `POST ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const text = await sendRaw(server, post + get("/healthz"));
  expect(text.indexOf('"first"')).toBeGreaterThan(0);
  expect(text.indexOf('{"status":"ok"}')).toBeGreaterThan(text.indexOf('"first"'));
});

test("connections above the limit are closed, and there is room again when others leave", async () => {
  const server = await startServer({ limits: { maxConnections: 3 } });
  const held = await Promise.all([openRaw(server), openRaw(server), openRaw(server)]);
  await expect(sendRaw(server, get("/healthz"))).resolves.toBe("");
  for (const { socket } of held) socket.destroy();
  await eventually(async () => expect(await sendRaw(server, get("/healthz"))).toContain("200 OK"));
});
