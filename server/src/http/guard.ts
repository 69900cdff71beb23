import type { NodeHandler, NodeRequest, NodeResponse } from "./node-types.ts";
import { HttpRefusal, refuse } from "./refusal.ts";

/** Told about errors that nobody else answers for; `req` is absent when the connection never made a request. */
export type OnHttpError = (error: unknown, req?: NodeRequest) => void;

/**
 * The outermost handler: nothing that a handler throws, rejects with or emits leaves it.
 *
 * An exception inside a `request` event is an uncaught exception and ends the process, so one crafted request
 * (`Host: [` is enough for code that builds a URL from it) would stop the service for everybody.
 */
export function guard(handler: NodeHandler, onError: OnHttpError): NodeHandler {
  return (req, res) => {
    // A reset stream or a write after the client left emits "error"; without a listener that is fatal too.
    req.on("error", ignore);
    res.on("error", ignore);
    try {
      const done = handler(req, res);
      if (done === undefined) return undefined;
      return done.catch((error: unknown) => answer(req, res, error, onError));
    } catch (error) {
      answer(req, res, error, onError);
      return undefined;
    }
  };
}

function answer(req: NodeRequest, res: NodeResponse, error: unknown, onError: OnHttpError): void {
  try {
    if (error instanceof HttpRefusal) {
      refuse(req, res, error);
      return;
    }
    onError(error, req);
    refuse(req, res, new HttpRefusal(500, "internal", "internal error"));
  } catch (second) {
    onError(second, req);
    res.destroy();
  }
}

function ignore(): void {
  // The peer is gone; whoever writes or reads learns it from its own call.
}
