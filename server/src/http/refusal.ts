import { STATUS_CODES } from "node:http";
import { create } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";
import { ConnectError } from "@connectrpc/connect";
import { codeFromString, errorToJson } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { encodeGrpcMessage } from "./grpc-message.ts";
import type { NodeRequest, NodeResponse } from "./node-types.ts";
import { sendBody } from "./send-body.ts";

/**
 * The names that the front answers with, as in the Connect protocol's JSON errors, and the cause that each stands for unless a
 * refusal names another one.
 */
const REASONS = {
  invalid_argument: "INVALID_REQUEST",
  deadline_exceeded: "DEADLINE_EXCEEDED",
  not_found: "NO_SUCH_METHOD",
  permission_denied: "CROSS_ORIGIN",
  resource_exhausted: "PAYLOAD_TOO_LARGE",
  unimplemented: "NO_SUCH_METHOD",
  internal: "INTERNAL",
  unavailable: "STORE_UNAVAILABLE",
  unauthenticated: "TOKEN_INVALID",
} as const;

export type RefusalCode = keyof typeof REASONS;

/** A request that is answered with an error before any use case saw it. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  /** The cause, as asktell.v1.ErrorReason names it. */
  readonly reason: string;

  constructor(status: number, code: RefusalCode, message: string, reason: string = REASONS[code]) {
    super(message);
    this.name = "HttpRefusal";
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}

/** The refusal as RPCs know errors, with its cause. */
function toConnectError({ code, message, reason }: HttpRefusal): ConnectError {
  const info = { reason, domain: "asktell" };
  const details = [{ desc: ErrorInfoSchema, value: create(ErrorInfoSchema, info) }];
  return new ConnectError(message, codeFromString(code), undefined, details);
}

function jsonOf(refusal: HttpRefusal): string {
  return JSON.stringify(errorToJson(toConnectError(refusal), undefined));
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
    // A response without a message carries its status in the headers.
    for (const [name, value] of setTrailerStatus(new Headers(), toConnectError(refusal))) {
      res.setHeader(name, value);
    }
    res.setHeader("grpc-message", encodeGrpcMessage(refusal.message));
    res.end();
    return;
  }
  sendBody(req, res, refusal.status, "application/json", jsonOf(refusal));
}

export function sendJson(req: NodeRequest, res: NodeResponse, status: number, value: unknown): void {
  sendBody(req, res, status, "application/json", JSON.stringify(value));
}

export function sendText(req: NodeRequest, res: NodeResponse, status: number, text: string): void {
  sendBody(req, res, status, "text/plain; charset=utf-8", text);
}

/** The bytes of a whole HTTP/1 answer, for when Node has no request object to answer through. */
export function rawRefusal(refusal: HttpRefusal): string {
  const body = jsonOf(refusal);
  return [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Error"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
