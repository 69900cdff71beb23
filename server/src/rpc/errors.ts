import { randomUUID } from "node:crypto";
import { create, type DescMessage, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@asktell/proto/google/rpc/error_details_pb";
import {
  IdentityError,
  CrossOriginError,
  PermissionError,
  ProjectNotFoundError,
  SessionError,
  RateLimitError,
  StudyNotFoundError,
  TokenError,
  TokenFieldError,
  TokenNotFoundError,
  UserNotFoundError,
} from "../identity/index.ts";
import { StoreUnavailableError, classify } from "../store/retry.ts";
import { type FieldProblem, StudyError, invalid } from "../studies/errors.ts";
import { fitMessage, fitMetadata, fitProblems } from "./fit-details.ts";
import { type Reason, codeOf } from "./reasons.ts";
import { unreadable } from "./unreadable.ts";

/** The code as the Connect protocol writes it, such as `not_found`. */
export function codeName(code: Code): string {
  return Code[code].replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
}

type OutgoingDetail = { readonly desc: DescMessage; readonly value: Message };

interface Details {
  readonly problems?: readonly FieldProblem[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number | undefined;
}

/** Errors that are as clients should see them. */
const finished = new WeakSet<ConnectError>();

/** Whether an error has its cause; one of Connect's own has not, until {@link toRpcError} has seen it. */
export function isFinished(error: ConnectError): boolean {
  return finished.has(error);
}

/** An error with its cause, as every protocol carries it: code, text, and google.rpc details for programs. */
export function rpcError(
  reason: Reason,
  message: string,
  { problems = [], metadata = {}, retryAfterMs }: Details = {},
): ConnectError {
  const details: OutgoingDetail[] = [
    detail(ErrorInfoSchema, { reason, domain: "asktell", metadata: fitMetadata(metadata) }),
  ];
  if (problems.length > 0) {
    const fieldViolations = fitProblems(problems).map(({ field, description }) => ({
      field,
      description,
      reason,
    }));
    details.push(detail(BadRequestSchema, { fieldViolations }));
  }
  const headers: Record<string, string> = {};
  if (retryAfterMs !== undefined) {
    details.push(detail(RetryInfoSchema, { retryDelay: durationFromMs(retryAfterMs) }));
    headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  }
  if (codeOf[reason] === Code.Unauthenticated) headers["www-authenticate"] = "Bearer";
  const error = new ConnectError(fitMessage(message, problems[0]), codeOf[reason], headers, details);
  finished.add(error);
  return error;
}

function detail<Desc extends DescMessage>(desc: Desc, value: MessageInitShape<Desc>): OutgoingDetail {
  return { desc, value: create(desc, value) };
}

/** What a call was to read, to say what was wrong with it. */
export interface Reading {
  readonly input: DescMessage;
  /** The text of a message in JSON; undefined for other encodings. */
  readonly json?: (() => string) | undefined;
}

/**
 * The one place where what use cases throw becomes what clients see. What nobody foresaw gets an id and no text: the log has it
 * under that id.
 */
export function toRpcError(
  error: unknown,
  reading?: Reading,
): { error: ConnectError; unforeseenId: string | undefined } {
  const known = error instanceof ConnectError ? fromConnect(error, reading) : knownError(error);
  if (known !== undefined) return { error: known, unforeseenId: undefined };
  const id = randomUUID();
  return { error: internalError(id), unforeseenId: id };
}

function internalError(id: string): ConnectError {
  return rpcError("INTERNAL", `the server failed; its log says more under ${id}`, { metadata: { id } });
}

/**
 * Turns the error with which Connect gave up writing an answer into what the client sees; others stay as they are.
 *
 * @returns the id under which the log must have the cause, if it is the server's
 */
export function explainUnwritten(error: ConnectError): string | undefined {
  const tooLarge = /^message size (\d+) is larger than configured writeMaxBytes (\d+)/.exec(error.rawMessage);
  if (tooLarge !== null) {
    const [, bytes, limit] = tooLarge;
    const text = `the answer has ${bytes} bytes, of ${limit} at most: ask for less, by page_size or read_mask`;
    become(error, rpcError("PAYLOAD_TOO_LARGE", text));
    return undefined;
  }
  if (!/^(?:serialize binary:|cannot encode) /.test(error.rawMessage)) return undefined;
  const id = randomUUID();
  become(error, internalError(id));
  return id;
}

function knownError(error: unknown): ConnectError | undefined {
  if (error instanceof StudyError) {
    const { reason, message, problems, metadata, retryAfterMs } = error;
    return rpcError(reason, message, { problems, metadata, retryAfterMs });
  }
  if (error instanceof TokenError) return rpcError(error.reason, error.message);
  if (error instanceof SessionError) return rpcError(error.reason, error.message);
  if (error instanceof CrossOriginError) return rpcError("CROSS_ORIGIN", error.message);
  if (error instanceof TokenNotFoundError) return rpcError("TOKEN_NOT_FOUND", error.message);
  if (error instanceof ProjectNotFoundError) return rpcError("PROJECT_NOT_FOUND", error.message);
  if (error instanceof StudyNotFoundError) return rpcError("STUDY_NOT_FOUND", error.message);
  if (error instanceof UserNotFoundError) return rpcError("TOKEN_INVALID", error.message);
  if (error instanceof RateLimitError) {
    return rpcError("RATE_LIMITED", error.message, { retryAfterMs: error.retryAfterMs });
  }
  if (error instanceof IdentityError) return rpcError(error.reason, error.message);
  if (error instanceof PermissionError)
    return rpcError(error.actor === "user" ? "ROLE" : "TOKEN_SCOPE", error.message);
  if (error instanceof TokenFieldError)
    return knownError(invalid([{ field: error.field, description: error.message }]));
  if (error instanceof StoreUnavailableError || classify(error) === "statement-timeout") {
    return rpcError(
      "STORE_UNAVAILABLE",
      "the database cannot be reached at the moment: try again with the same request_id",
      { retryAfterMs: 1_000 },
    );
  }
  return undefined;
}

/** Errors that Connect itself raises while it reads a message get a cause too. */
function fromConnect(error: ConnectError, reading: Reading | undefined): ConnectError {
  if (finished.has(error)) return error;
  const better = reading && unreadable(error, reading.input, reading.json?.());
  if (better !== undefined) return become(error, knownError(better));
  const reason = connectReasons.get(error.code);
  return reason === undefined
    ? error
    : become(error, rpcError(reason, tooLargeText(error) ?? error.rawMessage));
}

/** What to do about a message that is too large to read, in place of the name of a setting that clients do not have. */
function tooLargeText({ rawMessage }: ConnectError): string | undefined {
  const found = /^message (?:size )?(?:(\d+) )?is larger than configured readMaxBytes (\d+)/.exec(rawMessage);
  if (found === null) return undefined;
  const [, bytes, limit] = found;
  const size = bytes === undefined ? `more than ${limit} bytes` : `${bytes} bytes, of ${limit} at most`;
  return `the request has ${size}: send it in parts`;
}

const connectReasons = new Map<Code, Reason>([
  [Code.InvalidArgument, "INVALID_REQUEST"],
  [Code.ResourceExhausted, "PAYLOAD_TOO_LARGE"],
  [Code.DeadlineExceeded, "DEADLINE_EXCEEDED"],
  [Code.Unimplemented, "NO_SUCH_METHOD"],
  [Code.Unavailable, "GOING_DOWN"],
]);

/** Changes an error that is on its way out already. */
function become(error: ConnectError, other: ConnectError | undefined): ConnectError {
  if (other === undefined) return error;
  const { message, rawMessage, code, details, metadata } = other;
  finished.add(error);
  return Object.assign(error, { message, rawMessage, code, details, metadata });
}
