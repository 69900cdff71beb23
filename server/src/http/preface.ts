import type { Socket } from "node:net";

/** The client connection preface that opens every HTTP/2 connection (RFC 9113, section 3.4). */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Which parser a connection belongs to, and the sockets for which that is still open. */
export interface PrefacePeek {
  (socket: Socket): void;
  /** Cuts the connections that have not shown yet what they speak. */
  destroyWaiting(): void;
}

/**
 * Looks at the first bytes of a cleartext connection, gives them back, and passes the socket on.
 *
 * gRPC clients start HTTP/2 with prior knowledge, without an Upgrade, so the first bytes are the only sign. No
 * HTTP/1 request can begin like the preface as a whole: its version is none that HTTP/1 has.
 */
export function createPrefacePeek(
  timeoutMs: number,
  toHttp1: (socket: Socket) => void,
  toHttp2: (socket: Socket) => void,
): PrefacePeek {
  const waiting = new Set<Socket>();

  function peek(socket: Socket): void {
    let head: Buffer | undefined;
    const timer = setTimeout(cut, timeoutMs);
    waiting.add(socket);
    socket.on("readable", look);
    socket.on("end", cut);
    socket.on("error", cut);
    socket.on("close", settle);

    function look(): void {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      head = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const seen = Math.min(head.length, PREFACE.length);
      const isHttp2SoFar = head.compare(PREFACE, 0, seen, 0, seen) === 0;
      if (isHttp2SoFar && seen < PREFACE.length) return;
      settle();
      socket.unshift(head);
      if (isHttp2SoFar) toHttp2(socket);
      else toHttp1(socket);
    }

    function cut(): void {
      settle();
      socket.destroy();
    }

    function settle(): void {
      clearTimeout(timer);
      waiting.delete(socket);
      socket.off("readable", look);
      socket.off("end", cut);
      socket.off("error", cut);
      socket.off("close", settle);
    }
  }

  function destroyWaiting(): void {
    for (const socket of waiting) socket.destroy();
  }

  return Object.assign(peek, { destroyWaiting });
}
