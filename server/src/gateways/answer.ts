import type { NodeRequest, NodeResponse } from "../http/node-types.ts";
import { sendBody } from "../http/send-body.ts";
import { GatewayRefusal, toRefusal } from "./refusal.ts";

/** What a request is answered with. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  /** JSON, as text: Python tells 1 from 1.0, which values do not. */
  readonly json: string;
}

/**
 * Answers a request with what `work` makes of it, or with the reason why not. What nobody foresaw is left to the guard, which
 * logs it.
 */
export async function respond(
  req: NodeRequest,
  res: NodeResponse,
  work: () => Promise<Answer>,
): Promise<void> {
  try {
    const { status = 200, json } = await work();
    sendBody(req, res, status, "application/json", json);
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal === undefined) throw error;
    refuse(req, res, refusal);
  }
}

export function sendPlain(req: NodeRequest, res: NodeResponse, text: string): void {
  sendBody(req, res, 200, "text/plain; charset=utf-8", text);
}

function refuse(req: NodeRequest, res: NodeResponse, refusal: GatewayRefusal): void {
  for (const [name, value] of Object.entries(refusal.headers)) res.setHeader(name, value);
  sendBody(req, res, refusal.status, "application/json", JSON.stringify({ detail: refusal.detail }));
}

/** For a path that exists, by a method that it does not have. */
export function refuseMethod(req: NodeRequest, res: NodeResponse, allowed: string): void {
  refuse(req, res, new GatewayRefusal(405, "Method Not Allowed", { allow: allowed }));
}
