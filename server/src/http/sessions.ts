import type { Http2Session } from "node:http2";

/** The HTTP/2 sessions of a front. */
export interface Sessions {
  add(session: Http2Session): void;
  /** Sends GOAWAY: no new streams, the running ones may finish. */
  close(): void;
  destroy(): void;
}

/**
 * Keeps count of sessions so that they can be told to go, and closes those that idle. Node's own session timeout
 * also fires while a stream is open but quiet, which would cut a watch on a study where nothing happens.
 */
export function createSessions(idleMs: number): Sessions {
  const open = new Set<Http2Session>();

  function add(session: Http2Session): void {
    let streams = 0;
    open.add(session);
    session.on("close", () => open.delete(session));
    session.on("stream", (stream) => {
      streams += 1;
      stream.on("close", () => {
        streams -= 1;
        // The timer may have fired in vain meanwhile: start it anew from the end of the last stream.
        if (streams === 0) armIdleTimer();
      });
    });
    armIdleTimer();

    function armIdleTimer(): void {
      if (!session.destroyed) session.setTimeout(idleMs);
    }
    session.on("timeout", () => {
      if (streams === 0) session.close();
    });
  }

  return {
    add,
    close: () => open.forEach((session) => session.close()),
    destroy: () => open.forEach((session) => session.destroy()),
  };
}
