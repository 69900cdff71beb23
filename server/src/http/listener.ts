import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import { createSecureServer, createServer as createHttp2Server } from "node:http2";
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HttpLimits } from "./limits.ts";
import { createPrefacePeek } from "./preface.ts";
import type { Sessions } from "./sessions.ts";

/** A certificate chain and its private key, both PEM. */
export interface TlsKeyPair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export type Serve = (
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
) => void;

/** A server of Node's that accepts both HTTP versions on one port, and what closing it needs. */
export interface Listener {
  readonly server: Server | Http2SecureServer;
  /** Cuts connections that have not begun to speak. */
  readonly destroyWaiting: () => void;
  /** Closes HTTP/1 connections that wait for their next request. */
  readonly closeIdle: () => void;
  readonly replaceCertificate: (tls: TlsKeyPair) => void;
}

function http1Options(limits: HttpLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckingIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // checkAuthority refuses such requests too, and says why.
    requireHostHeader: false,
    keepAlive: true,
    keepAliveInitialDelay: limits.tcpKeepAliveMs,
    noDelay: true,
  };
}

function http2Options(limits: HttpLimits) {
  return { settings: { maxConcurrentStreams: limits.maxConcurrentStreams } };
}

/**
 * Node's cleartext servers speak one HTTP version each. The HTTP/1 server is the one that listens, because Node
 * starts its check for slow requests only on a server that does; HTTP/2 sockets are handed to a server that never
 * listens.
 */
export function createCleartextListener(limits: HttpLimits, serve: Serve, sessions: Sessions): Listener {
  const server = createServer(http1Options(limits), serve);
  const http2 = createHttp2Server(http2Options(limits), serve);
  http2.on("session", sessions.add);
  const http1Listeners = server.listeners("connection");
  server.removeAllListeners("connection");
  const peek = createPrefacePeek(
    limits.prefaceTimeoutMs,
    (socket) => {
      for (const listener of http1Listeners) listener.call(server, socket);
    },
    (socket) => {
      // An HTTP/1 server opens its sockets half-closable, an HTTP/2 server does not.
      socket.allowHalfOpen = false;
      http2.emit("connection", socket);
    },
  );
  server.on("connection", peek);
  return {
    server,
    destroyWaiting: peek.destroyWaiting,
    closeIdle: () => server.closeIdleConnections(),
    replaceCertificate: () => undefined,
  };
}

export function createTlsListener(
  limits: HttpLimits,
  serve: Serve,
  sessions: Sessions,
  tls: TlsKeyPair,
): Listener {
  const server = createSecureServer(
    {
      ...http2Options(limits),
      ...tls,
      allowHTTP1: true,
      http1Options: http1Options(limits),
      keepAlive: true,
      keepAliveInitialDelay: limits.tcpKeepAliveMs,
      noDelay: true,
      handshakeTimeout: limits.handshakeTimeoutMs,
      minVersion: "TLSv1.2",
    },
    serve,
  );
  server.on("session", sessions.add);
  return {
    server,
    // The handshake timer bounds these.
    destroyWaiting: () => undefined,
    // Present with allowHTTP1, though the declarations do not know it.
    closeIdle: () => Reflect.get(server, "closeIdleConnections").call(server),
    replaceCertificate: (next) => server.setSecureContext({ ...next, minVersion: "TLSv1.2" }),
  };
}
