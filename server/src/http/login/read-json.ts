import { collectBody } from "../collect-body.ts";
import type { NodeRequest } from "../node-types.ts";
import { HttpRefusal } from "../refusal.ts";

/** The messages of a sign-in are a code or a number. */
const maxBytes = 4_096;

/** Time for a body to arrive over HTTP/2, ms. */
const timeoutMs = 10_000;

/** Reads a small JSON object. @throws HttpRefusal 400, 408, 413 or 415 */
export async function readJson(req: NodeRequest): Promise<Readonly<Record<string, unknown>>> {
  // A form of another site can send neither this content type nor a body of it (not CORS-safelisted).
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers["content-type"] ?? "")) {
    throw new HttpRefusal(415, "invalid_argument", 'Send "Content-Type: application/json".');
  }
  const body = await collectBody(req, { maxBytes, timeoutMs });
  if (body === "incomplete") {
    throw new HttpRefusal(408, "deadline_exceeded", "The body did not arrive.");
  }
  if (body === "too-large") {
    throw new HttpRefusal(413, "resource_exhausted", `The body is larger than ${maxBytes} bytes.`);
  }
  const value = parse(body.toString("utf8"));
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new HttpRefusal(400, "invalid_argument", "The body is no JSON object.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
