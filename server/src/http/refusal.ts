import { STATUS_CODES } from "node:http";
import { encodeGrpcMessage } from "./grpc-message.ts";
import type { NodeRequest, NodeResponse } from "./node-types.ts";

/**
 * The names that the front answers with, as in the Connect protocol's JSON errors, and the number that gRPC
 * has for each (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
 */
const GRPC_STATUS = {
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  permission_denied: 7,
  resource_exhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export type RefusalCode = keyof typeof GRPC_STATUS;

/** A request that is answered with an error before any use case saw it. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;

  constructor(status: number, code: RefusalCode, message: string) {
    super(message);
    this.name = "HttpRefusal";
    this.status = status;
    this.code = code;
  }
}

/**
 * Answers with the refusal in the form that the client reads: a gRPC client looks at `grpc-status` only and
 * would report an HTTP status as an unexplained "unknown", everybody else gets JSON.
 */
export function refuse(req: NodeRequest, res: NodeResponse, refusal: HttpRefusal): void {
  if (res.headersSent || res.writableEnded) {
    // Too late for an explanation: cut the answer so that nobody takes it for a complete one.
    res.destroy();
    return;
  }
  const contentType = req.headers["content-type"] ?? "";
  if (contentType.startsWith("application/grpc")) {
    res.statusCode = 200;
    res.setHeader("content-type", contentType);
    res.setHeader("grpc-status", String(GRPC_STATUS[refusal.code]));
    res.setHeader("grpc-message", encodeGrpcMessage(refusal.message));
    res.end();
    return;
  }
  sendJson(req, res, refusal.status, { code: refusal.code, message: refusal.message });
}

export function sendJson(req: NodeRequest, res: NodeResponse, status: number, value: unknown): void {
  sendBody(req, res, status, "application/json", JSON.stringify(value));
}

export function sendText(req: NodeRequest, res: NodeResponse, status: number, text: string): void {
  sendBody(req, res, status, "text/plain; charset=utf-8", text);
}

function sendBody(req: NodeRequest, res: NodeResponse, status: number, contentType: string, text: string) {
  const body = Buffer.from(text);
  res.statusCode = status;
  res.setHeader("content-type", contentType);
  res.setHeader("content-length", body.length);
  if (!res.hasHeader("cache-control")) res.setHeader("cache-control", "no-store");
  if (req.method === "HEAD") res.end();
  else res.end(body);
}

/** The bytes of a whole HTTP/1 answer, for when Node has no request object to answer through. */
export function rawRefusal(refusal: HttpRefusal): string {
  const body = JSON.stringify({ code: refusal.code, message: refusal.message });
  return [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Error"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
