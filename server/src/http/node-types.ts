import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request as Node hands it over, from HTTP/1 or from the compatibility layer over HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** The response that belongs to a {@link NodeRequest}. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Answers a request. Whatever it throws or rejects with is answered by the guard, never by a crash. */
export type NodeHandler = (req: NodeRequest, res: NodeResponse) => void | Promise<void>;
