import type { DescMethod, DescMethodUnary, DescService, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, createConnectRouter } from "@connectrpc/connect";
import { createContextValues } from "@connectrpc/connect";
import type { ConnectRouter, ContextValues, HandlerContext, Interceptor } from "@connectrpc/connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { UniversalHandler, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { encodeGrpcMessage } from "../http/grpc-message.ts";
import type { NodeRequest, NodeResponse } from "../http/node-types.ts";
import { createPeerOf } from "../http/peer.ts";
import type { PeerOf } from "../http/peer.ts";
import { refuse } from "../http/refusal.ts";
import type { RpcRoutes } from "../http/router.ts";
import { pathOf } from "../http/request-info.ts";
import { tokenOf } from "../http/token.ts";
import type { Principal } from "../identity/index.ts";
import { boundBody, keepText } from "./body.ts";
import { type RequestVisit, jsonKey, peerKey, personKey, tokenKey, visitKey } from "./call-values.ts";
import { type UnaryImplementation, createFastPath } from "./fast/index.ts";
import { createWires } from "./fast/wire.ts";
import { boundGate, createDeadlineInterceptor, settleDeadline, timeoutOf } from "./deadline.ts";
import { gzip } from "./gzip.ts";
import { DEFAULT_RPC_LIMITS } from "./limits.ts";
import type { RpcLimits } from "./limits.ts";
import { checkQuery, explain } from "./readable-refusals.ts";

export interface RpcAdapterOptions {
  /** Registers the services. */
  readonly routes: (router: ConnectRouter) => void;
  /** Outermost first. The deadline of this file stays inside all of them. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /**
   * Runs once the headers are there and before the body is read, for every protocol: the place to authenticate.
   * Interceptors do not see what it refuses. @default everything may pass
   */
  readonly requestGate?: ((context: HandlerContext) => void | Promise<void>) | undefined;
  /**
   * Hears of the error that a call is about to be answered with, and may change it. This includes those that no
   * interceptor sees: of a message that cannot be read, and of an answer that cannot be written.
   */
  readonly onError?: ((context: HandlerContext, error: ConnectError) => void) | undefined;
  /** Unary methods to serve without Connect's pipeline where a request is plain. @default none */
  readonly fast?: FastMethods | undefined;
  /** Aborted with a ConnectError when the server goes down: ends streams. */
  readonly shutdownSignal?: AbortSignal | undefined;
  /** Types that may stand in a google.protobuf.Any of a JSON message. */
  readonly registry?: Registry | undefined;
  readonly limits?: Partial<RpcLimits> | undefined;
  /** @default the address of the socket */
  readonly peerOf?: PeerOf | undefined;
  /**
   * The signed-in user by whose session a request comes; asked once a request carries no token. May throw what says why not.
   *
   * @default nobody is ever signed in
   */
  readonly personOf?: ((req: NodeRequest) => Promise<Principal | undefined>) | undefined;
  /** Told when an answer could not be written for a reason other than that the client left. */
  readonly onFailure?: ((error: unknown, method: DescMethod) => void) | undefined;
}

export interface FastMethods {
  /** The gate without its reports: what it refuses, `requestGate` refuses again. */
  readonly admit: (context: HandlerContext) => void | Promise<void>;
  /** What serves them, by method. */
  readonly implementations: ReadonlyMap<DescMethod, UnaryImplementation>;
}

export interface RpcAdapter extends RpcRoutes {
  /** What was registered, for reflection and health. */
  readonly descriptors: readonly DescService[];
}

/**
 * Serves RPCs of all three protocols on Node's requests.
 *
 * It does what connectNodeAdapter does, from the same public parts of connect-node, and adds what that one has no
 * option for: failures go to `onFailure` instead of the console, a body that dribbles in over HTTP/2 has an end,
 * and 405 and 415 say what would be right. Plain calls of the methods that workers live by take a shorter way (`fast/`).
 */
export function createRpcAdapter(options: RpcAdapterOptions): RpcAdapter {
  const limits = { ...DEFAULT_RPC_LIMITS, ...options.limits };
  const peerOf = options.peerOf ?? createPeerOf();
  const { requestGate, shutdownSignal, registry, personOf } = options;
  const jsonOptions = {
    // A trial's number 0 must show.
    alwaysEmitImplicit: true,
    // A misspelt maxTrials, ignored, is a study without a budget.
    ignoreUnknownFields: false,
    ...strictText,
    ...(registry === undefined ? {} : { registry }),
  };
  const router = createConnectRouter({
    // The client's first choice wins, and brotli at zlib's default quality takes seconds of CPU for a megabyte.
    acceptCompression: [gzip],
    readMaxBytes: limits.readMaxBytes,
    writeMaxBytes: limits.writeMaxBytes,
    jsonOptions,
    interceptors: [...(options.interceptors ?? []), createDeadlineInterceptor(shutdownSignal)],
    requestGate: hearErrors(options.onError, requestGate && boundGate(requestGate)),
    ...(shutdownSignal === undefined ? {} : { shutdownSignal }),
  });
  options.routes(router);
  const fastPath =
    options.fast &&
    createFastPath({
      wireOf: createWires({ json: jsonOptions }),
      interceptors: options.interceptors ?? [],
      admit: options.fast.admit,
      maxBytes: limits.readMaxBytes,
      shutdownSignal,
      onFailure: options.onFailure,
    });
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const descriptors = [...new Set(router.handlers.map(({ service }) => service))];
  const services = new Map(
    descriptors.map(({ typeName, methods }) => [typeName, methods.map(({ name }) => name)]),
  );

  function handle(req: NodeRequest, res: NodeResponse): boolean {
    const handler = handlers.get(pathOf(req));
    if (handler === undefined) return false;
    const { method } = handler;
    checkQuery(req);
    settleDeadline(req, method, limits);
    const visit: RequestVisit = {};
    const values = contextValuesFor(req, visit);
    const implementation = options.fast?.implementations.get(method);
    if (fastPath !== undefined && implementation !== undefined && isUnary(method)) {
      const slowly = (chunks: readonly Buffer[]): void =>
        serve(req, res, handler, contextValuesFor(req, visit), chunks);
      if (fastPath({ req, res, method, implementation, values, slowly })) return true;
    }
    serve(req, res, handler, values, []);
    return true;
  }

  /** @param chunks - of the body, already read */
  function serve(
    req: NodeRequest,
    res: NodeResponse,
    handler: UniversalHandler,
    values: ContextValues,
    chunks: readonly Buffer[],
  ): void {
    // Throws for an authority that makes no URL: the guard around every handler answers that.
    const request = universalRequestFromNodeRequest(req, res, undefined, values);
    if (chunks.length > 0 && isByteStream(request.body)) request.body = after(chunks, request.body);
    if (isByteStream(request.body) && req.headers["content-type"]?.startsWith("application/json") === true) {
      const { body, text } = keepText(request.body);
      request.body = body;
      values.set(jsonKey, text);
    }
    if (takesOneMessage(handler.method) && isByteStream(request.body)) {
      const timeoutMs = timeoutOf(req) ?? Infinity;
      request.body = boundBody(request.body, Math.min(timeoutMs, limits.bodyTimeoutMs));
    }
    handler(request)
      .then((response) =>
        response.status === 405 || response.status === 415 || response.status === 505
          ? refuse(req, res, explain(response.status, handler, req, res))
          : universalResponseToNodeResponse(withReadableMessage(response), res),
      )
      .catch((error: unknown) => {
        if (clientLeft(req) || ConnectError.from(error).code === Code.Aborted) return;
        options.onFailure?.(error, handler.method);
        res.destroy();
      });
  }

  function contextValuesFor(req: NodeRequest, visit: RequestVisit): ContextValues {
    const values = createContextValues()
      .set(tokenKey, tokenOf(req))
      .set(peerKey, peerOf(req))
      .set(visitKey, visit);
    return personOf === undefined ? values : values.set(personKey, () => personOf(req));
  }

  return { handle, services, descriptors };
}

async function* after(
  chunks: readonly Buffer[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  yield* rest;
}

/** Otherwise what is no UTF-8 would be stored as replacement characters. Connect reads it, though its type hides it. */
const strictText = { textDecoder: new TextDecoder("utf-8", { fatal: true }) };

type Gate = NonNullable<RpcAdapterOptions["requestGate"]>;

/**
 * Connect aborts a call's signal with the error that it is about to answer, in every protocol; the gate is the first
 * to see that signal.
 */
function hearErrors(onError: RpcAdapterOptions["onError"], gate: Gate | undefined): Gate {
  return (context) => {
    if (onError !== undefined) {
      const { signal } = context;
      const hear = (): void => {
        if (signal.reason instanceof ConnectError) onError(context, signal.reason);
      };
      signal.addEventListener("abort", hear, { once: true });
    }
    return gate?.(context);
  };
}

/**
 * Connect encodes more of `grpc-message` than gRPC does, which grpc-js shows as it came. Only known once the body has
 * been written, hence the getter.
 */
function withReadableMessage(response: UniversalServerResponse): UniversalServerResponse {
  const { trailer } = response;
  if (trailer === undefined) return response;
  return {
    ...response,
    get trailer() {
      const message = trailer.get("grpc-message");
      if (message !== null) trailer.set("grpc-message", encodeGrpcMessage(decodeURIComponent(message)));
      return trailer;
    },
  };
}

function clientLeft(req: NodeRequest): boolean {
  return "stream" in req ? req.stream.destroyed : req.socket.destroyed;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

function takesOneMessage(method: DescMethod): boolean {
  return method.methodKind === "unary" || method.methodKind === "server_streaming";
}

function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
