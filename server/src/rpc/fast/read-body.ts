import type { NodeRequest } from "../../http/node-types.ts";

/** What was read of a body: all of it, or the beginning of one that Connect has to read on. */
export interface BodyRead {
  readonly chunks: Buffer[];
  readonly isWhole: boolean;
}

/** How long a small body may dribble in before Connect takes over, whose reading is bounded in other ways, ms. */
const patienceMs = 1_000;

/** Reads a small body; undefined when the client has left. */
export function readBody(req: NodeRequest, maxBytes: number): Promise<BodyRead | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => settle({ chunks, isWhole: false }), patienceMs);
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) settle({ chunks, isWhole: false });
    };
    const onEnd = (): void => settle({ chunks, isWhole: true });
    const onGone = (): void => settle(undefined);

    function settle(read: BodyRead | undefined): void {
      clearTimeout(timer);
      req.off("data", onData).off("end", onEnd).off("close", onGone).off("error", onGone);
      if (read?.isWhole === false) req.pause();
      resolve(read);
    }
    req.on("data", onData).on("end", onEnd).on("close", onGone).on("error", onGone);
  });
}
