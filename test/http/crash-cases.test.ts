import { connect as connectHttp2 } from "node:http2";
import type { OutgoingHttpHeaders } from "node:http2";
import { describe, expect, test } from "vitest";
import { GET_STUDY, expectAlive, sendRaw, startServer } from "./support.ts";

// Each of these made a plain connect-node server exit, by an exception inside the request event.
const post = (version: string, headers: string) =>
  `POST ${GET_STUDY} HTTP/${version}\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}` +
  `Content-Length: 13\r\n\r\n{"study":"s"}`;

describe("a request whose authority makes no URL", () => {
  test.each(["[", "a b", "", "host:99999", "user@host", "a/b", "a#b", "%", "[::1", "[::1]:x", "a:b:c"])(
    "is answered 400 for the HTTP/1.1 Host %j, and the server lives on",
    async (host) => {
      const server = await startServer();
      const answer = await sendRaw(server, post("1.1", `Host: ${host}\r\n`));
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain("Host header is not a host name with an optional port");
      await expectAlive(server);
    },
  );

  test("is answered 400 when an HTTP/1.1 request has no Host", async () => {
    const server = await startServer();
    expect(await sendRaw(server, post("1.1", ""))).toMatch(/^HTTP\/1\.1 400 /);
    await expectAlive(server);
  });

  test("is served when an HTTP/1.0 request has no Host, which that version allows", async () => {
    const server = await startServer();
    const answer = await sendRaw(server, post("1.0", ""));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"name":"s"');
    expect(await sendRaw(server, "GET /healthz HTTP/1.0\r\n\r\n")).toContain('{"status":"ok"}');
    await expectAlive(server);
  });

  test.each(["[", "a b", "", "host:99999", "user@host"])(
    "is answered 400 for the HTTP/2 :authority %j",
    async (authority) => {
      const server = await startServer();
      const answer = await requestHttp2(server.origin, { ":authority": authority });
      // nghttp2 itself resets streams whose authority has characters that no authority may have.
      expect([400, "reset"]).toContain(answer);
      await expectAlive(server);
    },
  );

  test("is told to a gRPC client in the only place where it looks, the grpc-status", async () => {
    const server = await startServer();
    const headers = await grpcHeaders(server.origin, { ":authority": "host:99999" });
    expect(headers).toMatchObject({ ":status": 200, "grpc-status": "3" });
    expect(decodeURIComponent(String(headers["grpc-message"]))).toContain(":authority");
    await expectAlive(server);
  });
});

describe("a target that is no path", () => {
  test.each(["*", "//", "//evil/x", "/%", "/%E0%A4%A", "http://[/x", "/t/", "/t//x", "/?token", "/\\..\\x"])(
    "%j gets an answer",
    async (target) => {
      const server = await startServer();
      const answer = await sendRaw(server, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404) /);
      await expectAlive(server);
    },
  );

  test("as sent to a proxy (GET http://host/path) is served like the path", async () => {
    const server = await startServer();
    const request = "GET http://elsewhere:1/healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    expect(await sendRaw(server, request)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("a handler that fails", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("a secret path");
      },
    ],
    ["rejects", () => Promise.reject(new Error("a secret path"))],
  ])("by an exception that it %s costs one answer 500 without its text", async (_, gateway) => {
    const server = await startServer({ router: { gateways: [gateway] } });
    const response = await fetch(`${server.origin}/anything`);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "internal", message: "internal error" });
    expect(server.errors.splice(0)).toMatchObject([{ message: "a secret path" }]);
    await expectAlive(server);
  });

  test("after it began to answer cuts the connection, so that half an answer is not taken for a whole", async () => {
    const server = await startServer({
      router: {
        gateways: [
          (_, res) => {
            res.statusCode = 200;
            if ("assignSocket" in res) res.write("half");
            throw new Error("too late");
          },
        ],
      },
    });
    const response = await fetch(`${server.origin}/anything`);
    await expect(response.text()).rejects.toThrow();
    server.errors.splice(0);
    await expectAlive(server);
  });
});

function requestHttp2(origin: string, headers: OutgoingHttpHeaders): Promise<number | "reset"> {
  return new Promise((resolve) => {
    const session = connectHttp2(origin);
    const stream = session.request({
      ":path": GET_STUDY,
      ":method": "POST",
      "content-type": "application/json",
      ...headers,
    });
    stream.on("response", (answer) => resolve(answer[":status"] ?? 0));
    stream.on("error", () => resolve("reset"));
    stream.on("close", () => session.destroy());
    stream.end('{"study":"s"}');
    stream.resume();
  });
}

function grpcHeaders(origin: string, headers: OutgoingHttpHeaders): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(origin);
    const stream = session.request({
      ":path": GET_STUDY,
      ":method": "POST",
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.on("response", (answer) => resolve({ ...answer }));
    stream.on("error", reject);
    stream.on("close", () => session.destroy());
    stream.end(Buffer.alloc(5));
    stream.resume();
  });
}
