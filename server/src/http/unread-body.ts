import { constants } from "node:http2";
import type { Http2ServerRequest } from "node:http2";

/** Time for the last frames of the answer, trailers included, to leave before the stream is closed. */
const GRACE_MS = 200;

/**
 * Closes an HTTP/2 stream whose answer is complete while its client still sends. RFC 9113, section 8.1, provides
 * for that; Node does it only for bodies that nobody began to read, and would keep the others for as long as the
 * client likes.
 */
export function closeUnreadBody({ stream }: Http2ServerRequest): void {
  stream.once("finish", () => {
    if (stream.readableEnded) return;
    setTimeout(() => {
      if (stream.destroyed) return;
      if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
      // Node keeps a closed stream, and with it the session and its socket, until somebody has read what had arrived.
      stream.destroy();
    }, GRACE_MS).unref();
  });
}
