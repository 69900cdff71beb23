import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { ContextValues, HandlerContext } from "@connectrpc/connect";
import type { NodeRequest, NodeResponse } from "../../http/node-types.ts";

/** A handler's context whose costly parts are made only if somebody looks at them. */
export interface FastContext extends HandlerContext {
  /** Aborts the signal, if anybody has looked at it. */
  abort(reason: unknown): void;
  /** Lets go of what it listens to, once the call has ended. */
  close(): void;
}

export interface FastContextOptions {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly method: DescMethodUnary;
  readonly values: ContextValues;
  readonly protocolName: string;
  /** When the call must have ended, in milliseconds of `performance.now`. */
  readonly deadline: number;
  /** Aborted when the server goes down: whoever waits should answer what there is. */
  readonly shutdown: AbortSignal | undefined;
}

export function createFastContext(options: FastContextOptions): FastContext {
  const { req, res, method, values, protocolName, deadline, shutdown } = options;
  let controller: AbortController | undefined;
  let aborted: { reason: unknown } | undefined;
  const abort = (reason: unknown): void => {
    aborted = { reason };
    controller?.abort(reason);
  };
  const goDown = (): void => abort(shutdown?.reason);
  return {
    method,
    service: method.parent,
    values,
    protocolName,
    requestMethod: "POST",
    url: req.url ?? "",
    timeoutMs: () => deadline - performance.now(),
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (aborted !== undefined) controller.abort(aborted.reason);
        // A client that leaves ends its call.
        res.once("close", () => controller?.abort());
        if (shutdown?.aborted === true) goDown();
        else shutdown?.addEventListener("abort", goDown);
      }
      return controller.signal;
    },
    get requestHeader() {
      return headersOf(req);
    },
    // Nobody sets headers by the context: errors carry their own.
    get responseHeader() {
      return new Headers();
    },
    get responseTrailer() {
      return new Headers();
    },
    abort,
    close: () => shutdown?.removeEventListener("abort", goDown),
  };
}

/** The headers as fetch has them, without HTTP/2's pseudo headers. */
export function headersOf(req: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    for (const item of Array.isArray(value) ? value : [value]) headers.append(name, item);
  }
  return headers;
}
