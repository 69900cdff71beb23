import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import { afterEach, expect } from "vitest";
import { createFront } from "../../server/src/http/front.ts";
import type { Front } from "../../server/src/http/front.ts";
import type { HttpLimits } from "../../server/src/http/limits.ts";
import type { TlsKeyPair } from "../../server/src/http/listener.ts";
import type { RequestInfo } from "../../server/src/http/request-info.ts";
import { createRouter } from "../../server/src/http/router.ts";
import type { RouterOptions } from "../../server/src/http/router.ts";
import { createRpcAdapter } from "../../server/src/rpc/adapter.ts";
import { tokenKey } from "../../server/src/rpc/call-values.ts";
import type { RpcAdapter, RpcAdapterOptions } from "../../server/src/rpc/adapter.ts";
import { createHealthService } from "../../server/src/rpc/health.ts";
import type { HealthService } from "../../server/src/rpc/health.ts";
import { registerReflection } from "../../server/src/rpc/reflection.ts";

/** Longer than any test waits, on a busy machine too; milliseconds. */
const LONG = 600_000;
/** What a server that closes would wait for calls at most, and far less than that: none of them runs; milliseconds. */
export const GRACE = 240_000;
export const AT_ONCE = 100_000;

/**
 * The study service's shape with an echo behind it: what these tests are about ends where a use case begins.
 * Names of studies steer it: "slow" answers after 300 ms, "stuck" never looks at its signal, "broken" throws.
 */
function registerEcho(router: ConnectRouter, running: string[]): void {
  router.service(StudyService, {
    createStudy: ({ studyId, study }) => ({
      study: { name: studyId, displayName: study?.displayName ?? "" },
      created: true,
    }),
    async getStudy({ study: name }, { values, signal }) {
      running.push(name);
      if (name === "slow") await sleep(300);
      if (name === "stuck") await sleep(LONG, undefined, { ref: false });
      if (name === "patient") await sleep(LONG, undefined, { signal });
      if (name === "broken") throw new Error("a secret of the database");
      if (name === "refused") throw new ConnectError("no such study: projects/a/ü 100%", Code.NotFound);
      const token = values.get(tokenKey);
      return { study: { name, displayName: token === undefined ? "" : `${token.source}:${token.value}` } };
    },
    async *watchStudy({ study }, { signal }) {
      running.push(study);
      yield { cursor: "1", study: { name: study } };
      for (let cursor = 2; study === "busy" && !signal.aborted; cursor += 1) {
        await sleep(20);
        yield { cursor: String(cursor) };
      }
      // Deliberately without the signal: ending it is the adapter's duty.
      await sleep(LONG, undefined, { ref: false });
    },
  });
}

export interface TestServer {
  readonly port: number;
  readonly origin: string;
  readonly front: Front;
  readonly rpc: RpcAdapter;
  readonly health: HealthService;
  readonly shutdown: AbortController;
  /** Access log. */
  readonly requests: RequestInfo[];
  /** The names of the studies in calls that have reached the service. */
  readonly running: string[];
  /** What reached the last resort. */
  readonly errors: unknown[];
}

export interface TestServerOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly rpc?: Partial<RpcAdapterOptions>;
  readonly router?: Partial<RouterOptions>;
  readonly tls?: TlsKeyPair;
}

const started: Front[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((front) => front.close(0)));
});

/** The real front, router and adapter on a free port; closed after the test. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const requests: RequestInfo[] = [];
  const errors: unknown[] = [];
  const running: string[] = [];
  const shutdown = new AbortController();
  const health = createHealthService(() => rpc.services.keys());
  const rpc: RpcAdapter = createRpcAdapter({
    routes(router) {
      registerEcho(router, running);
      health.register(router);
      registerReflection(router, () => rpc.descriptors);
    },
    shutdownSignal: shutdown.signal,
    onFailure: (error) => errors.push(error),
    ...options.rpc,
  });
  const handler = createRouter({ rpc, onRequest: (info) => requests.push(info), ...options.router });
  const { tls } = options;
  const front = createFront({ handler, limits: options.limits, tls, onError: (error) => errors.push(error) });
  started.push(front);
  const { port } = await front.listen({ host: "127.0.0.1", port: 0 });
  // By its address: a name may have several, and a client that waits too long for the first one goes on to those where nobody listens.
  const origin = `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return { port, origin, front, rpc, health, shutdown, requests, running, errors };
}

export const GET_STUDY = "/asktell.v1.StudyService/GetStudy";

/** A JSON call, as by curl. */
export async function call(
  server: TestServer,
  body: unknown,
  init: { path?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> {
  const response = await fetch(server.origin + (init.path ?? GET_STUDY), {
    method: "POST",
    headers: { "content-type": "application/json", ...init.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

/** Whatever was done to the server before, it serves the next client, and nothing unexplained happened. */
export async function expectAlive(server: TestServer): Promise<void> {
  const { status, json } = await call(server, { study: "s" });
  expect(status).toBe(200);
  expect(json).toMatchObject({ study: { name: "s" } });
  expect(server.errors).toEqual([]);
}

/** A bare socket, and everything that the server says on it. */
export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Buffer): void;
  text(): string;
  /** Resolves with all text once the server has closed the connection. */
  closed(): Promise<string>;
}

export async function openRaw(server: TestServer): Promise<RawClient> {
  const socket = connect(server.port, "127.0.0.1");
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString("latin1");
  socket.on("data", (chunk) => chunks.push(chunk));
  // A reset is one of the ways in which a server may close.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(text())));
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, text, closed: () => closed, write: (bytes) => void socket.write(bytes) };
}

/** Sends bytes and returns the answer; the bytes should ask for the connection to be closed. */
export async function sendRaw(server: TestServer, bytes: string | Buffer): Promise<string> {
  const client = await openRaw(server);
  client.write(bytes);
  return client.closed();
}

export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Polls until the condition holds, for things that happen soon but not at once. */
export async function eventually(check: () => void | Promise<void>, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(20);
    }
  }
}
