import { shownPath } from "./shown-path.ts";
import type { NodeRequest, NodeResponse } from "./node-types.ts";

/** One line of the access log, for requests that are not RPCs (interceptors report those). */
export interface RequestInfo {
  readonly method: string;
  /** Without the query, without any token, and cut to 200 characters. */
  readonly path: string;
  /** 0 when the client left before it was answered. */
  readonly status: number;
  /** From the end of the request's headers to the end of the answer. */
  readonly durationMs: number;
  /** The client's address. */
  readonly peer: string;
  readonly httpVersion: string;
}

export function pathOf(req: NodeRequest): string {
  const url = req.url ?? "/";
  const mark = url.indexOf("?");
  return mark === -1 ? url : url.slice(0, mark);
}

/** Calls back once, when the answer is complete or the client is gone. Call it after the token is taken off. */
export function reportWhenDone(
  req: NodeRequest,
  res: NodeResponse,
  peer: string,
  report: (info: RequestInfo) => void,
): void {
  const start = performance.now();
  const { method = "", httpVersion } = req;
  const path = shownPath(pathOf(req));
  res.once("close", () => {
    const status = res.headersSent ? res.statusCode : 0;
    report({ method, path, status, durationMs: performance.now() - start, peer, httpVersion });
  });
}
