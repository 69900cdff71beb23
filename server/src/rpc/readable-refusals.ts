import { base64Decode } from "@bufbuild/protobuf/wire";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import type { NodeRequest, NodeResponse } from "../http/node-types.ts";
import { HttpRefusal } from "../http/refusal.ts";

/** Connect takes base64 that is none for a failure of the server. */
export function checkQuery({ method, url = "" }: NodeRequest): void {
  if (method !== "GET" || !url.includes("base64=1")) return;
  try {
    base64Decode(new URLSearchParams(url.slice(url.indexOf("?"))).get("message") ?? "");
  } catch {
    throw new HttpRefusal(
      400,
      "invalid_argument",
      "The message in the query is not base64, as base64=1 says.",
    );
  }
}

/** Connect answers these with an empty body, which is where a first try with curl usually ends. */
export function explain(
  status: 405 | 415 | 505,
  handler: UniversalHandler,
  req: NodeRequest,
  res: NodeResponse,
) {
  const { method, allowedMethods } = handler;
  if (status === 405) {
    res.setHeader("allow", allowedMethods.join(", "));
    return new HttpRefusal(
      405,
      "unimplemented",
      `${method.name} takes ${allowedMethods.join(" or ")}, not ${req.method}.`,
    );
  }
  if (status === 505) {
    return new HttpRefusal(
      505,
      "unimplemented",
      `${method.name} is a stream of requests, which needs HTTP/2.`,
    );
  }
  const [json, binary] =
    method.methodKind === "unary"
      ? ["application/json", "application/proto"]
      : ["application/connect+json", "application/connect+proto"];
  const hint =
    req.method === "GET"
      ? "A GET needs ?connect=v1&encoding=json&message={...} (URL-encoded)."
      : `Send "Content-Type: ${json}" or "${binary}", or a gRPC or gRPC-web type.`;
  const got = req.headers["content-type"] ?? "none";
  return new HttpRefusal(415, "invalid_argument", `${method.name} cannot read content type ${got}. ${hint}`);
}
