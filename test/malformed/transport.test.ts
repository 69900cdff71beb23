import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { frame, head, openHttp2, openRaw, path, preface, read, sendRaw } from "./raw.ts";
import { type Target, answerOf, expectAnswers, expectStop, expectUnharmed, startTarget } from "./target.ts";

const database = useTestPostgres();
let target: Target;
beforeAll(async () => {
  target = await startTarget(database.url);
});
afterAll(() => expectStop(target));
afterEach(() => expectAnswers(target));

const get = (lines: string, start = "GET /healthz HTTP/1.1") =>
  `${start}\r\nConnection: close\r\n${lines}\r\n`;

describe("an HTTP/1.1 request is refused, with the reason, that has", () => {
  test.each<[string, string, number, RegExp]>([
    ["headers of 20 KB", get(`Host: localhost\r\nX: ${"x".repeat(20_000)}\r\n`), 431, /headers .* too large/],
    ["10,000 headers", get(`Host: localhost\r\n${"X: y\r\n".repeat(10_000)}`), 431, /headers .* too large/],
    ["a URL of 20 KB", get("Host: localhost\r\n", `GET /${"x".repeat(20_000)} HTTP/1.1`), 431, /URL/],
    ["no Host", get(""), 400, /no Host header/],
    ["two Hosts", get("Host: a\r\nHost: b\r\n"), 400, /more than one Host header/],
    ["a Host that is a bracket", get("Host: [\r\n"), 400, /Host header is not a host name/],
    ["a Host with a space", get("Host: a b\r\n"), 400, /Host header is not a host name/],
    ["a Host with user and password", get("Host: a:b@c\r\n"), 400, /Host header is not a host name/],
    ["a Host with a port of 99999", get("Host: a:99999\r\n"), 400, /Host header is not a host name/],
    ["a Host with a path", get("Host: a/b\r\n"), 400, /Host header is not a host name/],
    ["a header without a colon", get("Host: localhost\r\nNonsense\r\n"), 400, /well-formed HTTP/],
    ["a header folded over two lines", get("Host: localhost\r\nX: a\r\n b\r\n"), 400, /well-formed HTTP/],
    ["a header with NUL", get("Host: localhost\r\nX: a\0b\r\n"), 400, /well-formed HTTP/],
    ["a space before the colon", get("Host: localhost\r\nX : a\r\n"), 400, /well-formed HTTP/],
    ["an unknown version", get("Host: localhost\r\n", "GET / HTTP/3.0"), 400, /well-formed HTTP/],
    ["an unknown method", get("Host: localhost\r\n", "FETCH / HTTP/1.1"), 400, /well-formed HTTP/],
    [
      "a negative length",
      get("Host: localhost\r\nContent-Length: -1\r\n", "POST / HTTP/1.1"),
      400,
      /well-formed HTTP/,
    ],
    [
      "two lengths",
      get("Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n", "POST / HTTP/1.1"),
      400,
      /well-formed HTTP/,
    ],
    [
      "a length and chunks",
      get("Host: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.1"),
      400,
      /well-formed HTTP/,
    ],
    [
      "an unknown transfer encoding",
      get("Host: localhost\r\nTransfer-Encoding: gunzip\r\n", "POST / HTTP/1.1"),
      400,
      /well-formed HTTP/,
    ],
    ["bytes that are TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, /well-formed HTTP/],
    ["nothing but line ends and garbage", "\r\n\r\n\x01\x02\x03\r\n", 400, /well-formed HTTP/],
    ["a preface that is almost HTTP/2's", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 400, /./],
  ])("%s", async (_, bytes, status, message) => {
    const answer = read(await sendRaw(target, bytes));
    expect(answer.status).toBe(status);
    expect(answer.message).toMatch(message);
  });

  test.each<[string, (head: (lines: string) => string) => string, number, RegExp]>([
    [
      "a chunk of no size",
      (of) => `${of("Transfer-Encoding: chunked\r\n")}zz\r\n{}\r\n0\r\n\r\n`,
      400,
      /well-formed HTTP/,
    ],
    [
      "a chunk of 2^64 bytes",
      (of) => `${of("Transfer-Encoding: chunked\r\n")}fffffffffffffffff\r\n{}`,
      400,
      /well-formed HTTP/,
    ],
    [
      "chunk extensions of 20 KB",
      (of) => `${of("Transfer-Encoding: chunked\r\n")}2;${"x".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
      413,
      /chunk extensions/,
    ],
    [
      "a body of 5 MiB",
      (of) => of(`Content-Length: ${5 * 2 ** 20}\r\n`) + "x".repeat(100),
      429,
      /larger than|4194304/,
    ],
    ["a body of 10 TB", (of) => `${of("Content-Length: 10000000000000\r\n")}{}`, 429, /larger than|4194304/],
    [
      "less than its deadline's time to send its body",
      (of) => `${of("Content-Length: 100\r\nConnect-Timeout-Ms: 300\r\n")}{"study`,
      504,
      /did not arrive within 300 ms/,
    ],
  ])("%s", async (_, bytes, status, message) => {
    const answer = read(
      await sendRaw(
        target,
        bytes((lines) => head(target, lines)),
      ),
    );
    expect(answer.status).toBe(status);
    expect(answer.message).toMatch(message);
  });
});

describe("methods and paths that do not exist are answered with what does:", () => {
  test.each<[string, string, number, RegExp]>([
    ["GET", "/asktell.v1.StudyService/CreateStudy", 405, /CreateStudy takes POST, not GET/],
    ["PUT", path, 405, /GetStudy takes POST or GET, not PUT/],
    ["DELETE", "/asktell.v1.StudyService/DeleteStudy", 405, /takes POST, not DELETE/],
    ["PATCH", "/asktell.v1.TrialService/UpdateTrial", 405, /takes POST, not PATCH/],
    ["GET", path, 415, /A GET needs \?connect=v1&encoding=json&message=/],
    ["POST", "/asktell.v1.StudyService/GetStuddy", 404, /has no method "GetStuddy". It has: CreateStudy/],
    ["POST", "/asktell.v1.StudyServices/GetStudy", 404, /RPCs: \/asktell.v1.StudyService\/\{Method\}/],
    ["POST", "/asktell.v1.StudyService/", 404, /has no method ""/],
    ["POST", "/asktell.v1.StudyService/GetStudy/", 404, /has no method "GetStudy\/"/],
    ["POST", "/v1/studies", 404, /Nothing is served at \/v1\/studies/],
    ["POST", `/${"a/".repeat(3_000)}`, 404, /Nothing is served at/],
    ["POST", "/../../etc/passwd", 404, /Nothing is served at/],
    ["POST", "/%2e%2e/%2e%2e/etc/passwd", 404, /Nothing is served at/],
    ["POST", "/healthz", 405, /POST is not answered here, GET is/],
    ["POST", "/metrics", 405, /GET is/],
  ])("%s %s", async (method, where, status, message) => {
    const line = `${method} ${where} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n`;
    const answer = await sendRaw(
      target,
      `${line}Authorization: Bearer ${target.tokens.manage}\r\nConnection: close\r\n\r\n`,
    );
    expect(read(answer)).toEqual({ status, message: expect.stringMatching(message) });
    // An answer of ours, not a page of the dashboard, and no larger than a person reads.
    expect(answer.length).toBeLessThan(3_000);
  });

  test.each([
    ["without a message", "connect=v1&encoding=json", 400, /in JSON: Unexpected end/],
    ["with a message that is none", "connect=v1&encoding=json&message={", 400, /in JSON/],
    ["with base64 that is none", "connect=v1&encoding=proto&base64=1&message=***", 400, /./],
    ["with an unknown encoding", "connect=v1&encoding=xml&message={}", 415, /A GET needs/],
    [
      "with an unknown compression",
      "connect=v1&encoding=json&compression=zip&message={}",
      501,
      /unknown compression "zip"/,
    ],
    [
      "with an unknown field",
      `connect=v1&encoding=json&message=${encodeURIComponent('{"studdy":"good"}')}`,
      400,
      /studdy/,
    ],
  ])("a GET %s", async (_, query, status, message) => {
    const response = await fetch(`${target.origin}${path}?${query}`, {
      headers: { authorization: `Bearer ${target.tokens.manage}` },
    });
    const { json } = await answerOf(response);
    expect(response.status).toBe(status);
    expect(json.message).toMatch(message);
  });
});

describe("over HTTP/2", () => {
  const cases: [string, () => Buffer][] = [
    [
      "a frame of 16 MiB",
      () => Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]), Buffer.alloc(64)]),
    ],
    ["data on a stream that was never opened", () => frame(0, 1, 1, Buffer.from("{}"))],
    ["headers on stream 0", () => frame(1, 5, 0, Buffer.from([0x82]))],
    ["headers on an even stream", () => frame(1, 5, 2, Buffer.from([0x82, 0x86, 0x84]))],
    ["header bytes that decode to nothing", () => frame(1, 5, 1, Buffer.alloc(64, 0xff))],
    ["a window that overflows", () => frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
    ["a window update of 0", () => frame(8, 0, 0, Buffer.alloc(4))],
    ["settings of odd length", () => frame(4, 0, 0, Buffer.alloc(5))],
    ["a settings value that is forbidden", () => frame(4, 0, 0, Buffer.from([0, 5, 0, 0, 0, 1]))],
    ["an unfinished header block", () => frame(1, 1, 1, Buffer.from([0x82]))],
    [
      "a flood of pings",
      () => Buffer.concat(Array.from({ length: 20_000 }, () => frame(6, 0, 0, Buffer.alloc(8)))),
    ],
    [
      "a flood of settings",
      () => Buffer.concat(Array.from({ length: 20_000 }, () => frame(4, 0, 0, Buffer.alloc(0)))),
    ],
    [
      "a flood of empty data",
      () =>
        Buffer.concat([
          frame(1, 4, 1, Buffer.from([0x83, 0x86, 0x84])),
          ...Array.from({ length: 20_000 }, () => frame(0, 0, 1, Buffer.alloc(0))),
        ]),
    ],
    ["a stream that depends on itself", () => frame(2, 0, 1, Buffer.from([0, 0, 0, 1, 16]))],
  ];
  test.each(cases)("%s costs the client its connection, at most", async (_, bytes) => {
    const client = await openRaw(target);
    client.write(Buffer.concat([preface, frame(4, 0, 0, Buffer.alloc(0))]));
    client.write(bytes());
    await Promise.race([client.closed(), sleep(500)]);
    await expectAnswers(target);
    client.socket.destroy();
  });

  // CVE-2023-44487.
  test("streams opened and reset without end cost the client its connection", async () => {
    const client = await openRaw(target);
    client.write(Buffer.concat([preface, frame(4, 0, 0, Buffer.alloc(0))]));
    let closed = false;
    void client.closed().then(() => (closed = true));
    const getRoot = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x68]);
    for (let stream = 1; stream < 40_000 && !closed; stream += 2) {
      client.write(frame(1, 5, stream, getRoot));
      client.write(frame(3, 0, stream, Buffer.from([0, 0, 0, 8])));
      if (stream % 500 === 1) await sleep(1);
    }
    await expect.poll(() => closed).toBe(true);
  });

  test("calls that are cancelled at once change nothing for others", async () => {
    const session = openHttp2(target);
    for (let call = 0; call < 500; call += 1) {
      const stream = session.request({
        ":path": "/asktell.v1.TrialService/AskTrials",
        ":method": "POST",
        "content-type": "application/json",
        authorization: `Bearer ${target.tokens.manage}`,
      });
      stream.on("error", () => undefined);
      stream.end('{"study":"done"}');
      if (call % 2 === 0) stream.close(8);
      else setImmediate(() => stream.close(8));
    }
    await sleep(300);
    await expectAnswers(target);
    session.destroy();
  });

  test.each(["[", "a:b", "a:99999"])("the authority %s is refused", async (authority) => {
    const session = openHttp2(target);
    const stream = session.request({ ":path": "/healthz", ":authority": authority });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers[":status"]).toBe(400);
    session.destroy();
  });
});

describe("slowness", () => {
  test("two hundred bodies that never end, on either version of HTTP, keep nobody else waiting", async () => {
    const clients = await Promise.all(Array.from({ length: 150 }, () => openRaw(target)));
    for (const client of clients) client.write(`${head(target, "Content-Length: 1000\r\n")}{"study":`);
    const session = openHttp2(target);
    for (let call = 0; call < 50; call += 1) {
      const stream = session.request({
        ":path": path,
        ":method": "POST",
        "content-type": "application/json",
        authorization: `Bearer ${target.tokens.manage}`,
      });
      stream.on("error", () => undefined);
      stream.write('{"study":');
    }
    for (let beat = 0; beat < 10; beat += 1) {
      for (const client of clients) client.write(" ");
      await expectAnswers(target);
    }
    for (const client of clients) client.socket.destroy();
    session.destroy();
  });

  test("headers that dribble in are answered 408 in the end", async () => {
    const client = await openRaw(target);
    client.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
    let closed = false;
    void client.closed().then(() => (closed = true));
    for (let header = 0; !closed && header < 200; header += 1) {
      client.write(`X-${header}: y\r\n`);
      await sleep(250);
    }
    expect(read(client.text())).toEqual({ status: 408, message: "The request did not arrive in time." });
  });

  test("clients that leave in the middle of a call or a body are no failure", async () => {
    for (const bytes of [
      head(target, "Content-Length: 100\r\n") + "{",
      `${head(target, "Transfer-Encoding: chunked\r\n")}5\r\n{"st`,
      head(target, "Content-Length: 16\r\n") + '{"study":"good"}',
    ]) {
      const client = await openRaw(target);
      client.write(bytes);
      await sleep(20);
      client.socket.resetAndDestroy();
      await expectAnswers(target);
    }
  });
});

test("after all that the server is the same process, with nothing failed and no token in its log", () =>
  expectUnharmed(target));
