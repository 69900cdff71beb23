import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { beforeAll, expect, test } from "vitest";
import type { TlsKeyPair } from "../../server/src/http/listener.ts";
import { AT_ONCE, GRACE, eventually, openRaw, sendRaw, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

let first: TlsKeyPair;
let second: TlsKeyPair;
beforeAll(async () => {
  first = await selfSigned("first.test");
  second = await selfSigned("second.test");
});

test("HTTP/1.1 clients are served over TLS", async () => {
  const server = await startServer({ tls: first });
  expect(await getHttps(server, "/healthz")).toEqual({ status: 200, text: '{"status":"ok"}' });
  expect(server.requests).toMatchObject([{ path: "/healthz", httpVersion: "1.1" }]);
});

test("HTTP/2 clients are served over TLS, chosen by ALPN", async () => {
  const server = await startServer({ tls: first });
  const session = connectHttp2(server.origin, { rejectUnauthorized: false });
  const stream = session.request({ ":path": "/healthz" });
  const status = await new Promise((resolve) =>
    stream.on("response", (headers) => resolve(headers[":status"])),
  );
  expect(status).toBe(200);
  session.destroy();
});

test("gRPC clients are served over TLS", async () => {
  const server = await startServer({ tls: first });
  const transport = createGrpcTransport({
    baseUrl: server.origin,
    nodeOptions: { ca: first.cert, checkServerIdentity: () => undefined },
  });
  const { study } = await createClient(StudyService, transport).getStudy({ study: "s" });
  expect(study?.name).toBe("s");
});

test("protocols older than TLS 1.2 are refused", async () => {
  const server = await startServer({ tls: first });
  const outcome = await new Promise((resolve) => {
    const socket = connectTls(
      {
        host: "127.0.0.1",
        port: server.port,
        rejectUnauthorized: false,
        maxVersion: "TLSv1.1",
        minVersion: "TLSv1.1",
        ciphers: "DEFAULT@SECLEVEL=0",
      },
      () => resolve("connected"),
    );
    socket.on("error", () => resolve("refused"));
  });
  expect(outcome).toBe("refused");
});

test("a cleartext request to a TLS port is closed, and others are served", async () => {
  const server = await startServer({ tls: first });
  expect(await sendRaw(server, "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")).not.toContain("200 OK");
  expect((await getHttps(server, "/healthz")).status).toBe(200);
  expect(server.errors).toEqual([]);
});

test("a handshake that never ends is cut off", async () => {
  const server = await startServer({ tls: first, limits: { handshakeTimeoutMs: 500 } });
  const client = await openRaw(server);
  await client.closed();
  // On a busy machine one that does end may be too slow as well.
  await eventually(async () => expect((await getHttps(server, "/healthz")).status).toBe(200));
});

test("slow headers are answered 408 over TLS too", async () => {
  const server = await startServer({
    tls: first,
    limits: { headersTimeoutMs: 200, requestTimeoutMs: 400, connectionsCheckingIntervalMs: 50 },
  });
  const socket = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false });
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString()));
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: h\r\n");
  await new Promise((resolve) => socket.on("close", resolve));
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
});

test("a new certificate is shown to new connections without a restart", async () => {
  const server = await startServer({ tls: first });
  expect(await subjectOf(server)).toBe("first.test");
  server.front.replaceCertificate(second);
  expect(await subjectOf(server)).toBe("second.test");
});

test("closing does not wait for idle connections of either version", async () => {
  const server = await startServer({ tls: first });
  const session = connectHttp2(server.origin, { rejectUnauthorized: false });
  const socket = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false });
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString()));
  socket.write("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  await eventually(() => expect(text).toContain("200 OK"));
  const start = performance.now();
  await server.front.close(GRACE);
  expect(performance.now() - start).toBeLessThan(AT_ONCE);
  session.destroy();
});

test("the browser is told to insist on https when the public origin has it", async () => {
  const server = await startServer({ tls: first, router: { hsts: true } });
  const session = connectHttp2(server.origin, { rejectUnauthorized: false });
  const stream = session.request({ ":path": "/healthz" });
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
  expect(headers["strict-transport-security"]).toBe("max-age=31536000");
  session.destroy();
});

/** A certificate of its own, made for this run and deleted with it. */
async function selfSigned(name: string): Promise<TlsKeyPair> {
  const directory = await mkdtemp(join(tmpdir(), "asktell-tls-"));
  try {
    const key = join(directory, "key.pem");
    const cert = join(directory, "cert.pem");
    const args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1";
    await promisify(execFile)("openssl", [
      ...args.split(" "),
      "-subj",
      `/CN=${name}`,
      "-keyout",
      key,
      "-out",
      cert,
    ]);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function getHttps(server: TestServer, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const req = request(server.origin + path, { rejectUnauthorized: false, agent: false }, (res) => {
      let text = "";
      res.on("data", (chunk: Buffer) => (text += chunk.toString()));
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.on("error", reject).end();
  });
}

function subjectOf(server: TestServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
