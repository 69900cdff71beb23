import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { HandlerContext, Interceptor } from "@connectrpc/connect";
import type { NodeRequest } from "../http/node-types.ts";
import { toRpcError } from "./errors.ts";
import type { RpcLimits } from "./limits.ts";

const GRPC_UNIT_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 } as const;
const GRPC_TIMEOUT = /^(\d{1,8})([HMSmun])$/;
const CONNECT_TIMEOUT = /^\d{1,10}$/;

/**
 * Shortens a deadline that is longer than the limit, and gives one to unary calls that have none, by rewriting the
 * header that Connect reads. A malformed header is left alone: Connect refuses it with an explanation.
 *
 * @returns the deadline in ms; undefined for none
 */
export function settleDeadline(req: NodeRequest, method: DescMethod, limits: RpcLimits): number | undefined {
  const unary = method.methodKind === "unary";
  const longest = unary ? limits.maxUnaryTimeoutMs : limits.maxStreamTimeoutMs;
  const isGrpc = req.headers["content-type"]?.startsWith("application/grpc") === true;
  const header = isGrpc ? "grpc-timeout" : "connect-timeout-ms";
  const asked = req.headers[header];
  if (asked === undefined) {
    if (!unary) return undefined;
    req.headers[header] = write(limits.defaultUnaryTimeoutMs, isGrpc);
    return limits.defaultUnaryTimeoutMs;
  }
  if (typeof asked !== "string") return undefined;
  const timeoutMs = isGrpc ? readGrpc(asked) : readConnect(asked);
  if (timeoutMs > longest) req.headers[header] = write(longest, isGrpc);
  // A part of a millisecond, which no timer keeps, would be over or not by the machine's mood: it is over.
  if (timeoutMs < 1) req.headers[header] = write(0, isGrpc);
  return Number.isNaN(timeoutMs) ? undefined : Math.min(timeoutMs, longest);
}

/** The deadline that {@link settleDeadline} has left on a request, ms; undefined when there is none that can be read. */
export function timeoutOf(req: NodeRequest): number | undefined {
  const isGrpc = req.headers["content-type"]?.startsWith("application/grpc") === true;
  const asked = req.headers[isGrpc ? "grpc-timeout" : "connect-timeout-ms"];
  if (typeof asked !== "string") return undefined;
  const timeoutMs = isGrpc ? readGrpc(asked) : readConnect(asked);
  return Number.isNaN(timeoutMs) ? undefined : timeoutMs;
}

function readGrpc(text: string): number {
  const [, digits, unit] = GRPC_TIMEOUT.exec(text) ?? [];
  return Number(digits) * GRPC_UNIT_MS[unit as keyof typeof GRPC_UNIT_MS];
}

function readConnect(text: string): number {
  return CONNECT_TIMEOUT.test(text) ? Number(text) : NaN;
}

/** gRPC allows eight digits: 27 hours in milliseconds. */
function write(timeoutMs: number, isGrpc: boolean): string {
  const ms = Math.ceil(timeoutMs);
  if (!isGrpc) return String(ms);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

/**
 * Ends a call at its deadline, or when its client is gone, even if the implementation never looks at the signal:
 * Connect only tells implementations, and an answer that waits for one of them may never come.
 *
 * On shutdown streams end at once, so that clients move to another replica; unary calls may finish.
 */
export function createDeadlineInterceptor(shutdown: AbortSignal | undefined): Interceptor {
  return (next) => async (req) => {
    if (!req.stream) {
      return orAbort(next(req), req.signal, (reject) => {
        if (shutdown?.aborted !== true) reject(reasonOf(req.signal));
      });
    }
    const res = await next(req);
    if (!res.stream) return res;
    return { ...res, message: endOnAbort<typeof res.message>(res.message, req.signal) };
  };
}

type Gate = (context: HandlerContext) => void | Promise<void>;

/** The same for the gate, which may wait for a database to look up a token. */
export function boundGate(gate: Gate): Gate {
  return (context) => {
    const passed = gate(context);
    if (passed === undefined) return undefined;
    return orAbort(passed, context.signal, (reject) => reject(reasonOf(context.signal)));
  };
}

function endOnAbort<T extends AsyncIterable<unknown>>(messages: T, signal: AbortSignal): T;
async function* endOnAbort<T>(messages: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const item = await orAbort(iterator.next(), signal, (reject) => reject(reasonOf(signal)));
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    // Not awaited: a generator that is stuck in an await would hold us here.
    iterator.return?.().catch(() => undefined);
  }
}

/** The promise's outcome, unless the signal aborts first and `onAbort` rejects. */
function orAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  onAbort: (reject: (reason: ConnectError) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => onAbort(reject);
    const settled = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(settled);
  });
}

/** Connect's own errors, of a deadline or of the server going down, get their cause here. */
function reasonOf(signal: AbortSignal): ConnectError {
  return signal.reason instanceof ConnectError
    ? toRpcError(signal.reason).error
    : new ConnectError("the client closed the call", Code.Canceled, undefined, undefined, signal.reason);
}
