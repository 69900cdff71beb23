import { connect as connectHttp2 } from "node:http2";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { sendJson } from "../../server/src/http/refusal.ts";
import { tokenOf } from "../../server/src/http/token.ts";
import { GET_STUDY, call, sendRaw, startServer } from "./support.ts";

const TOKEN = "at_0123456789abcdefABCDEF-._~";
const seen = (source: string) => ({ study: { displayName: `${source}:${TOKEN}` } });

describe("a call finds its token", () => {
  test("in the Authorization header, whatever the case of its scheme", async () => {
    const server = await startServer();
    for (const scheme of ["Bearer", "bearer", "BEARER "]) {
      const { json } = await call(
        server,
        { study: "s" },
        { headers: { authorization: `${scheme} ${TOKEN}` } },
      );
      expect(json).toMatchObject(seen("header"));
    }
  });

  test("before the path", async () => {
    const server = await startServer();
    expect((await call(server, { study: "s" }, { path: `/t/${TOKEN}${GET_STUDY}` })).json).toMatchObject(
      seen("path"),
    );
  });

  test("in the query, beside Connect's own parameters", async () => {
    const server = await startServer();
    const message = encodeURIComponent('{"study":"s"}');
    for (const query of [
      `connect=v1&encoding=json&message=${message}&token=${TOKEN}`,
      `token=${TOKEN}&connect=v1&encoding=json&message=${message}`,
      `connect=v1&%74oken=${TOKEN}&encoding=json&message=${message}`,
    ]) {
      const response = await fetch(`${server.origin}${GET_STUDY}?${query}`);
      expect(await response.json()).toMatchObject(seen("query"));
    }
    expect((await call(server, { study: "s" }, { path: `${GET_STUDY}?token=${TOKEN}` })).json).toMatchObject(
      seen("query"),
    );
  });

  test("in the metadata of gRPC and gRPC-web", async () => {
    const server = await startServer();
    const options = { baseUrl: server.origin, httpVersion: "1.1" as const };
    for (const transport of [
      createGrpcTransport({ baseUrl: server.origin }),
      createGrpcWebTransport(options),
    ]) {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const { study } = await createClient(StudyService, transport).getStudy({ study: "s" }, { headers });
      expect(study?.displayName).toBe(`header:${TOKEN}`);
    }
  });

  test("over HTTP/2 in the path", async () => {
    const server = await startServer();
    const session = connectHttp2(server.origin);
    const stream = session.request({
      ":path": `/t/${TOKEN}${GET_STUDY}`,
      ":method": "POST",
      "content-type": "application/json",
    });
    stream.end('{"study":"s"}');
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject(seen("path"));
    session.destroy();
  });

  test("of another system's client, in the segment after that system's paths", async () => {
    const server = await startServer({
      router: {
        tokenPaths: ["/api/ask"],
        gateways: [
          (req, res) => {
            sendJson(req, res, 200, { url: req.url, token: tokenOf(req)?.value });
            return true;
          },
        ],
      },
    });
    const answer = async (path: string): Promise<unknown> => (await fetch(server.origin + path)).json();
    expect(await answer(`/api/ask/${TOKEN}?a=1`)).toEqual({ url: "/api/ask?a=1", token: TOKEN });
    expect(await answer(`/api/ask/${TOKEN}/more`)).toEqual({ url: "/api/ask/more", token: TOKEN });
    expect(await answer("/api/ask")).toEqual({ url: "/api/ask" });
    expect(await answer("/api/asking/x")).toEqual({ url: "/api/asking/x" });
    expect(JSON.stringify(server.requests)).not.toContain(TOKEN);
  });
});

test("no log line and no error contains a token that came with the URL", async () => {
  const server = await startServer();
  for (const path of [
    `/t/${TOKEN}/healthz`,
    `/x?token=${TOKEN}`,
    `/t/${TOKEN}`,
    `/t/${TOKEN}/x?token=other`,
  ]) {
    const response = await fetch(server.origin + path);
    expect(await response.text()).not.toContain(TOKEN);
  }
  await sendRaw(server, `GET /t/${TOKEN}/x HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n`);
  expect(server.requests.map(({ path }) => path)).toEqual(["/healthz", "/x", "/", "/x", "/x"]);
  expect(JSON.stringify(server.requests)).not.toContain(TOKEN);
});

test("behind the router neither URL nor headers hold the token, not even the raw ones", async () => {
  let dump = "";
  const server = await startServer({
    router: {
      gateways: [
        (req, res) => {
          dump += JSON.stringify([req.url, req.headers, req.rawHeaders]);
          sendJson(req, res, 200, {});
          return true;
        },
      ],
    },
  });
  await fetch(`${server.origin}/t/${TOKEN}/x`, {
    headers: { authorization: `Bearer ${TOKEN}`, referer: `http://h/t/${TOKEN}` },
  });
  const session = connectHttp2(server.origin);
  const stream = session.request({ ":path": `/x?token=${TOKEN}`, authorization: `Bearer ${TOKEN}` });
  await new Promise((resolve) => stream.on("response", resolve));
  session.destroy();
  await fetch(`${server.origin}/x`, { headers: { authorization: "Basic cGFzc3dvcmQ=" } });
  expect(dump).toContain("/x");
  expect(dump).not.toContain(TOKEN);
  expect(dump).not.toContain("cGFzc3dvcmQ=");
});

test("an answer to a URL with a token stays out of caches and Referer headers", async () => {
  const server = await startServer();
  for (const path of [
    `/t/${TOKEN}/healthz`,
    `/healthz?token=${TOKEN}`,
    `/t/${TOKEN}${GET_STUDY}`,
    `/nowhere?token=`,
  ]) {
    const { headers } = await fetch(server.origin + path);
    expect(headers.get("cache-control")).toBe("no-store, private");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

describe("refused with 400 and a reason is", () => {
  test.each([
    ["a second token that differs", `/t/${TOKEN}${GET_STUDY}?token=other`, {}, "two different tokens"],
    [
      "a header that differs from the URL",
      `/t/${TOKEN}${GET_STUDY}`,
      { authorization: "Bearer other" },
      "two different tokens",
    ],
    ["an empty token in the query", `${GET_STUDY}?token=`, {}, "empty"],
    ["an empty token in the header", GET_STUDY, { authorization: "Bearer" }, "empty"],
    ["a token with characters that none has", `/t/a%20b${GET_STUDY}`, {}, "not a token"],
    ["a token in broken encoding", `/t/%E0%A4%A${GET_STUDY}`, {}, "not a token"],
    ["a token of ten thousand characters", `/t/${"x".repeat(10_000)}${GET_STUDY}`, {}, "not a token"],
  ])("%s", async (_, path, headers, reason) => {
    const server = await startServer();
    const { status, json } = await call(server, { study: "s" }, { path, headers });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "invalid_argument", message: expect.stringContaining(reason) });
  });
});

test("the same token twice is one token", async () => {
  const server = await startServer();
  const { json } = await call(
    server,
    { study: "s" },
    { path: `/t/${TOKEN}${GET_STUDY}?token=${TOKEN}`, headers: { authorization: `Bearer ${TOKEN}` } },
  );
  expect(json).toMatchObject(seen("header"));
});

test("a browser that opens an address with a token is told to forget it, and gets no data", async () => {
  const server = await startServer();
  const headers = { "sec-fetch-mode": "navigate" };
  const raw = (path: string) =>
    sendRaw(
      server,
      `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nSec-Fetch-Mode: ${headers["sec-fetch-mode"]}\r\n\r\n`,
    );
  const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"study":"s"}')}`;
  const answer = await raw(`/t/${TOKEN}${GET_STUDY}?${query}`);
  expect(answer).toContain("contains an API token");
  expect(answer).not.toContain('"study"');
  expect(await raw("/healthz")).toContain("200 OK");
});
