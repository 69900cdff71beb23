import { connect as connectHttp2 } from "node:http2";
import { describe, expect, test } from "vitest";
import { GET_STUDY, expectAlive, openRaw, sendRaw, startServer } from "./support.ts";

describe("over HTTP/1", () => {
  test("headers above 16 KiB are answered 431 with a reason", async () => {
    const server = await startServer();
    const answer = await sendRaw(server, `GET / HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"message":"The request\'s headers (or its URL) are too large."');
    await expectAlive(server);
  });

  test("a URL above 16 KiB is answered 431, one of 10 KiB is read", async () => {
    const server = await startServer();
    expect(await sendRaw(server, `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: h\r\n\r\n`)).toContain(
      " 431 ",
    );
    const query = `encoding=json&connect=v1&message=${encodeURIComponent(`{"study":"${"x".repeat(10_000)}"}`)}`;
    expect((await fetch(`${server.origin}${GET_STUDY}?${query}`)).status).toBe(200);
    await expectAlive(server);
  });

  test("ten thousand short headers are cut off", async () => {
    const server = await startServer();
    const headers = Array.from({ length: 10_000 }, (_, i) => `a${i}: b\r\n`).join("");
    expect(await sendRaw(server, `GET / HTTP/1.1\r\nHost: h\r\n${headers}\r\n`)).toContain(" 431 ");
    await expectAlive(server);
  });

  test.each([
    ["a line without a colon", "GET / HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n"],
    ["a NUL in a header", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"],
    [
      "both Content-Length and Transfer-Encoding",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["two Content-Lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["a negative Content-Length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"],
    [
      "a chunk size that is no number",
      `POST ${GET_STUDY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    ],
    ["no HTTP at all", "HELO there\r\n\r\n"],
  ])("%s is answered 400 in JSON, and the connection is closed", async (_, bytes) => {
    const server = await startServer();
    const answer = await sendRaw(server, bytes);
    expect(answer).toMatch(/HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_argument"');
    await expectAlive(server);
  });

  test("bytes that follow an answer in place of a request do not end up in that answer", async () => {
    const server = await startServer();
    const client = await openRaw(server);
    client.write("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n\u0001\u0002 garbage\r\n\r\n");
    const [first, second] = (await client.closed()).split(/(?<=\})(?=HTTP)/);
    expect(first).toMatch(/200 OK[^]*\{"status":"ok"\}$/);
    expect(second ?? "").toMatch(/^(HTTP\/1\.1 400 |$)/);
    await expectAlive(server);
  });
});

describe("over HTTP/2", () => {
  test.each([
    ["a header of 100 kB", { "x-big": "x".repeat(100_000) }],
    ["a thousand headers", Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`x-${i}`, "v"]))],
  ])("%s is refused, and others are served", async (_, headers) => {
    const server = await startServer();
    const session = connectHttp2(server.origin);
    session.on("error", () => undefined);
    const outcome = await new Promise((resolve) => {
      const stream = session.request({ ":path": "/healthz", ...headers });
      stream.on("response", (answer) => resolve(answer[":status"]));
      stream.on("error", () => resolve("reset"));
      stream.on("close", () => resolve("closed"));
    });
    expect(["reset", "closed", 431]).toContain(outcome);
    session.destroy();
    await expectAlive(server);
  });
});
