import { collectBody } from "../http/collect-body.ts";
import type { NodeRequest } from "../http/node-types.ts";
import { GatewayRefusal } from "./refusal.ts";

/** How much of a body that is too large is still read, bytes. */
const maxRead = 2 ** 24;

/** Time for a body to arrive over HTTP/2, ms. As for RPCs. */
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
  const body = await collectBody(req, { maxBytes, maxRead, timeoutMs });
  if (body === "incomplete") throw new GatewayRefusal(408, "the body did not arrive");
  if (body === "too-large") throw new GatewayRefusal(413, `the body is larger than ${maxBytes} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new GatewayRefusal(422, "the body is not UTF-8");
  }
}
