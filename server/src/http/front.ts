import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { answerClientError } from "./client-error.ts";
import { guard } from "./guard.ts";
import type { OnHttpError } from "./guard.ts";
import { DEFAULT_HTTP_LIMITS } from "./limits.ts";
import type { HttpLimits } from "./limits.ts";
import { createCleartextListener, createTlsListener } from "./listener.ts";
import type { TlsKeyPair } from "./listener.ts";
import type { NodeHandler } from "./node-types.ts";
import { createSessions } from "./sessions.ts";
import { closeUnreadBody } from "./unread-body.ts";

export interface FrontOptions {
  /** Answers every request, of both HTTP versions. */
  readonly handler: NodeHandler;
  /** Serve TLS, with HTTP/2 chosen by ALPN. Without it the port speaks cleartext HTTP/1 and HTTP/2. */
  readonly tls?: TlsKeyPair | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Told about errors that no answer explains. @default silence */
  readonly onError?: OnHttpError | undefined;
}

/** One port for gRPC, gRPC-web, Connect, REST and files, over HTTP/1.1 and HTTP/2. */
export interface Front {
  listen(address: { host: string; port: number }): Promise<AddressInfo>;
  /**
   * Stops accepting, says GOAWAY, lets running requests end, and cuts what is left after the grace.
   * Resolves when no connection is open.
   */
  close(graceMs: number): Promise<void>;
  /** Serves new connections with another certificate; open ones keep theirs. Does nothing without TLS. */
  replaceCertificate(tls: TlsKeyPair): void;
}

/** How often connections that fell idle are looked for while closing. */
const CLOSE_SWEEP_MS = 50;

export function createFront(options: FrontOptions): Front {
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const onError = options.onError ?? (() => undefined);
  const handler = guard(options.handler, onError);
  const sessions = createSessions(limits.sessionIdleMs);
  const sockets = new Set<Socket>();
  // The answer under way on an HTTP/1 connection, so that a parser error never writes into the middle of it.
  const answers = new WeakMap<Duplex, ServerResponse>();

  function serve(req: IncomingMessage | Http2ServerRequest, res: ServerResponse | Http2ServerResponse): void {
    if ("assignSocket" in res) answers.set(req.socket, res);
    else if ("stream" in req) closeUnreadBody(req);
    void handler(req, res);
  }

  const { server, destroyWaiting, closeIdle, replaceCertificate } =
    options.tls === undefined
      ? createCleartextListener(limits, serve, sessions)
      : createTlsListener(limits, serve, sessions, options.tls);
  server.maxConnections = limits.maxConnections;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("clientError", (error: Error, socket: Duplex) =>
    answerClientError(error, socket, answers.get(socket)),
  );

  function listen(address: { host: string; port: number }): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(address, () => {
        server.off("error", reject);
        server.on("error", (error) => onError(error));
        const bound = server.address();
        if (bound === null || typeof bound === "string") reject(new Error("not bound to an IP address"));
        else resolve(bound);
      });
    });
  }

  async function close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      // The only error here is "not running", which is what was asked for.
      server.close(() => resolve());
    });
    sessions.close();
    destroyWaiting();
    const sweep = setInterval(closeIdle, CLOSE_SWEEP_MS);
    const cut = setTimeout(() => {
      sessions.destroy();
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
  }

  return { listen, close, replaceCertificate };
}
