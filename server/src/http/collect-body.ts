import type { NodeRequest } from "./node-types.ts";

export interface CollectOptions {
  /** What is kept, bytes. */
  readonly maxBytes: number;
  /** How much of a body that is too large is still read, bytes: a client that is cut off while it sends never sees why. @default maxBytes */
  readonly maxRead?: number;
  /** Time for the body to arrive over HTTP/2, where Node has no such limit, ms. */
  readonly timeoutMs: number;
}

/** A request's body, or why there is none: it is too large, or the client has left or was too slow. */
export async function collectBody(
  req: NodeRequest,
  { maxBytes, maxRead = maxBytes, timeoutMs }: CollectOptions,
): Promise<Buffer | "too-large" | "incomplete"> {
  const timer = setTimeout(() => req.destroy(), timeoutMs);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      if (size > maxRead) break;
    }
  } catch {
    return "incomplete";
  } finally {
    clearTimeout(timer);
  }
  return size > maxBytes ? "too-large" : Buffer.concat(chunks);
}
