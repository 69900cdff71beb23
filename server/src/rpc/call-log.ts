import type { DescMethod } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type HandlerContext,
  type Interceptor,
  createContextKey,
} from "@connectrpc/connect";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Principal } from "../identity/index.ts";
import type { Log } from "../log.ts";
import { jsonKey, peerKey } from "./call-values.ts";
import { type Reading, codeName, explainUnwritten, isFinished, toRpcError } from "./errors.ts";
import { callerKey } from "./gate.ts";

/** Writes one line a call and counts calls; turns whatever was thrown into what the client sees. */
export interface CallLog {
  /** The outermost interceptor. */
  readonly interceptor: Interceptor;
  /** Logs a call that the gate refused. */
  refused(context: HandlerContext, error: unknown): void;
  /** Does the same for errors that neither the gate nor the interceptor sees, and turns them into what the client sees. */
  answered(context: HandlerContext, error: ConnectError): void;
}

/** Set once the interceptor has the call. */
const heardKey = createContextKey(false, { description: "heard by the call log" });

/** @param registry - of the server's metrics */
export function createCallLog(log: Log, registry: Registry): CallLog {
  const calls = new Counter({
    name: "asktell_rpc_calls_total",
    help: "RPCs ended, by method and outcome.",
    labelNames: ["method", "code"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "asktell_rpc_seconds",
    help: "How long RPCs took, in seconds.",
    labelNames: ["method"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  function ended(facts: CallFacts, error: unknown): ConnectError | undefined {
    const { method, startedAt, peer, caller } = facts;
    const ms = performance.now() - startedAt;
    const mapped = error === undefined ? undefined : toRpcError(error, facts.reading);
    const code = mapped === undefined ? "ok" : codeName(mapped.error.code);
    calls.inc({ method, code });
    if (!facts.isStream) seconds.observe({ method }, ms / 1_000);
    const line = { method, code, ms: Math.round(ms * 10) / 10, peer, caller };
    if (mapped === undefined) log.info(line, "call");
    else if (mapped.unforeseenId !== undefined)
      log.error({ ...line, id: mapped.unforeseenId, err: error }, "call failed");
    else log.info({ ...line, reason: reasonOf(mapped.error) }, "call");
    return mapped?.error;
  }

  function refused(context: HandlerContext, error: unknown): void {
    ended({ ...factsOf(context.method, context.values), isStream: true }, error);
  }

  return {
    refused,
    answered(context, error) {
      if (isFinished(error)) return;
      if (!context.values.get(heardKey)) return refused(context, error);
      const { rawMessage, stack } = error;
      const id = explainUnwritten(error);
      if (id === undefined) return;
      const method = nameOf(context.method);
      log.error({ method, id, err: { message: rawMessage, stack } }, "an answer could not be written");
    },
    interceptor: (next) => async (request) => {
      request.contextValues.set(heardKey, true);
      const facts = { ...factsOf(request.method, request.contextValues), isStream: request.stream };
      try {
        const response = await next(request);
        if (response.stream) return { ...response, message: logStream(response.message, facts) };
        ended(facts, undefined);
        return response;
      } catch (error) {
        throw ended(facts, error) ?? error;
      }
    },
  };

  /** An error of a stream appears while it is read, long after the call was answered. */
  async function* logStream<T>(messages: AsyncIterable<T>, facts: CallFacts): AsyncGenerator<T> {
    let isEnded = false;
    try {
      yield* messages;
      isEnded = true;
      ended(facts, undefined);
    } catch (error) {
      isEnded = true;
      throw ended(facts, error) ?? error;
    } finally {
      if (!isEnded) ended(facts, new ConnectError("the client left", Code.Canceled));
    }
  }
}

interface CallFacts {
  readonly method: string;
  readonly startedAt: number;
  readonly peer: string;
  /** Whose call it is, as `token 7`; undefined before that is known. */
  readonly caller: string | undefined;
  readonly isStream: boolean;
  readonly reading: Reading;
}

function factsOf(method: DescMethod, values: ContextValues): Omit<CallFacts, "isStream"> {
  return {
    method: nameOf(method),
    startedAt: performance.now(),
    peer: values.get(peerKey),
    caller: callerName(values.get(callerKey)),
    reading: { input: method.input, json: values.get(jsonKey) },
  };
}

function callerName(principal: Principal | undefined): string | undefined {
  return principal && `${principal.actor.kind} ${principal.actor.id}`;
}

const nameOf = (method: DescMethod): string => `${method.parent.typeName}/${method.name}`;

/** The cause that an error names. Its text stays out of the log: it may hold parameter values. */
function reasonOf(error: ConnectError): string | undefined {
  return error.findDetails(ErrorInfoSchema)[0]?.reason;
}
