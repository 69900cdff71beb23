import {
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
  create,
  isMessage,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type HandlerContext,
  type Interceptor,
  type UnaryRequest,
} from "@connectrpc/connect";
import type { NodeRequest, NodeResponse } from "../../http/node-types.ts";
import { rpcError } from "../errors.ts";
import { timeoutOf } from "../deadline.ts";
import { type FastContext, createFastContext, headersOf } from "./fast-context.ts";
import { readBody } from "./read-body.ts";
import { type Wire, type WireOf } from "./wire.ts";

/** What a service does for one unary method. */
export type UnaryImplementation = (message: Message, context: HandlerContext) => unknown;

export interface FastPathOptions {
  readonly wireOf: WireOf;
  /** Outermost first: the ones that Connect runs, but for its deadline. */
  readonly interceptors: readonly Interceptor[];
  /** Throws or rejects for a call that may not pass. Refusals are Connect's to answer: it asks again. */
  readonly admit: (context: HandlerContext) => void | Promise<void>;
  readonly maxBytes: number;
  /** Aborted when the server goes down: calls may finish, but those that wait should not. */
  readonly shutdownSignal?: AbortSignal | undefined;
  /** Told when an answer could not be written. */
  readonly onFailure?: ((error: unknown, method: DescMethod) => void) | undefined;
}

/** A call that the fast path might serve. */
export interface FastCall {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly method: DescMethodUnary;
  readonly implementation: UnaryImplementation;
  readonly values: ContextValues;
  /** Has Connect serve the call after all, of whose body these chunks have been read. */
  readonly slowly: (chunks: readonly Buffer[]) => void;
}

type Call = (request: UnaryRequest, context: FastContext) => Promise<Message>;

/**
 * Serves small unary calls with the same gate, interceptors and implementations as Connect's own pipeline, but without its streams,
 * controllers and header objects, which cost five times what the call itself does. Whatever is not plain, refused or unreadable
 * goes to Connect, so that there is one place that explains it.
 */
export function createFastPath(options: FastPathOptions): (call: FastCall) => boolean {
  const { wireOf, admit, maxBytes } = options;

  return (call) => {
    const wire = wireOf(call.req);
    const timeoutMs = timeoutOf(call.req);
    // Connect says at once that a deadline of nothing is over.
    if (wire === undefined || timeoutMs === undefined || timeoutMs === 0) return false;
    void serve(call, wire, performance.now() + timeoutMs);
    return true;
  };

  async function serve(call: FastCall, wire: Wire, deadline: number): Promise<void> {
    const { req, res, method, values } = call;
    const context = createFastContext({
      req,
      res,
      method,
      values,
      protocolName: wire.protocolName,
      deadline,
      shutdown: options.shutdownSignal,
    });
    try {
      await admit(context);
    } catch {
      return call.slowly([]);
    }
    const body = await readBody(req, maxBytes);
    if (body === undefined) return;
    if (!body.isWhole) return call.slowly(body.chunks);
    let message: Message;
    try {
      message = wire.read(
        body.chunks.length === 1 && body.chunks[0] !== undefined
          ? body.chunks[0]
          : Buffer.concat(body.chunks),
        method.input,
      );
    } catch {
      return call.slowly(body.chunks);
    }
    try {
      const answer = await inTime(answerTo(call, message, context), context, deadline);
      if (!res.destroyed) wire.write(res, method.output, answer);
    } catch (error) {
      if (!(error instanceof ConnectError)) options.onFailure?.(error, method);
      if (!res.destroyed && !res.headersSent) wire.fail(res, shown(error));
      else res.destroy();
    } finally {
      context.close();
    }
  }

  /** Runs the interceptors around the implementation, as Connect would. */
  async function answerTo(
    { req, method, implementation }: FastCall,
    message: Message,
    context: FastContext,
  ): Promise<Message> {
    const request = requestOf(req, method, message, context);
    const innermost: Call = async (passed) =>
      normal(method.output, await implementation(passed.message, context));
    const chain = options.interceptors.reduceRight<Call>(
      (next, interceptor) => async (passed, same) => {
        const respond = interceptor(async (inner) => ({
          stream: false,
          service: method.parent,
          method,
          header: new Headers(),
          trailer: new Headers(),
          message: await next(inner as UnaryRequest, same),
        }));
        const response = await respond(passed);
        if (response.stream) throw new TypeError(`${method.name} is unary`);
        return response.message;
      },
      innermost,
    );
    return chain(request, context);
  }
}

function requestOf(
  req: NodeRequest,
  method: DescMethodUnary,
  message: Message,
  context: FastContext,
): UnaryRequest {
  return {
    stream: false,
    service: method.parent,
    method,
    requestMethod: "POST",
    url: context.url,
    message,
    contextValues: context.values,
    get signal() {
      return context.signal;
    },
    get header() {
      return headersOf(req);
    },
  };
}

/** Interceptors have turned whatever was thrown inside of them into what clients see; of anything else they see nothing. */
function shown(error: unknown): ConnectError {
  return error instanceof ConnectError ? error : new ConnectError("internal error", Code.Internal);
}

/** Implementations may answer a message or what makes one. */
function normal(schema: DescMessage, answer: unknown): Message {
  return isMessage(answer, schema) ? answer : create(schema, answer as MessageInitShape<DescMessage>);
}

/** The answer, or the end of the call at its deadline, whatever the implementation is doing. */
function inTime(answer: Promise<Message>, context: FastContext, deadline: number): Promise<Message> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = rpcError("DEADLINE_EXCEEDED", "the operation timed out");
      context.abort(late);
      reject(late);
    }, deadline - performance.now());
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
