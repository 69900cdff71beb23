import type { NodeRequest } from "../http/node-types.ts";
import { GatewayRefusal } from "./refusal.ts";

/** How much of a body that is too large is still read, bytes: a client that is cut off while it sends never sees why. */
const maxRead = 2 ** 24;

/** Time for a body to arrive over HTTP/2, where Node has no such limit, ms. As for RPCs. */
const timeoutMs = 60_000;

/**
 * The body as text, whatever its content type says.
 *
 * @throws GatewayRefusal 413 above `maxBytes`, 408 when it does not arrive, 415 when it is compressed, 422 when it is no UTF-8
 */
export async function readBody(req: NodeRequest, maxBytes: number): Promise<string> {
  const encoding = req.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new GatewayRefusal(415, `a body of content-encoding ${JSON.stringify(encoding)} is not read here`);
  }
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
    // The client has left, or was too slow: nobody hears the answer.
    throw new GatewayRefusal(408, "the body did not arrive");
  } finally {
    clearTimeout(timer);
  }
  if (size > maxBytes) throw new GatewayRefusal(413, `the body is larger than ${maxBytes} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new GatewayRefusal(422, "the body is not UTF-8");
  }
}
