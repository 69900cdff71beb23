import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { HttpRefusal, rawRefusal } from "./refusal.ts";

/**
 * What to tell a client whose bytes never became a request. Node's own answer is a bare status line, which sends
 * people looking in the wrong place.
 */
function refusalFor(code: string | undefined): HttpRefusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpRefusal(431, "resource_exhausted", "The request's headers (or its URL) are too large.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HttpRefusal(413, "resource_exhausted", "The request's chunk extensions are too large.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpRefusal(408, "deadline_exceeded", "The request did not arrive in time.");
    default:
      return new HttpRefusal(400, "invalid_argument", "This is not a well-formed HTTP request.");
  }
}

const LINGER_MS = 1_000;

/**
 * Answers a connection that failed in Node's HTTP/1 parser, and closes it.
 * @param current the answer being written on that socket, if any: nothing may be written into the middle of one.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  current: ServerResponse | undefined,
): void {
  const untouched = current === undefined || current.writableFinished || !current.headersSent;
  // Nothing can be said on a connection that is gone, or before its TLS handshake is done.
  const speechless = /^(?:ECONNRESET$|ERR_SSL|ERR_TLS)/.test(error.code ?? "");
  if (speechless || !untouched || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(rawRefusal(refusalFor(error.code)), () => socket.destroy());
  // In case the client does not read it.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
