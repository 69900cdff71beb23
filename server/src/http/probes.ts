import type { NodeRequest, NodeResponse } from "./node-types.ts";
import { HttpRefusal, sendJson } from "./refusal.ts";

/** Rejects with the reason while the server should get no traffic. */
export type ReadyCheck = () => Promise<void>;

/** What prom-client's Registry offers, as far as it matters here. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/**
 * `/readyz`: may traffic come here? At most one check runs at a time, so that probes cannot pile work onto a
 * database that is already slow.
 */
export function createReadyProbe(check: ReadyCheck, timeoutMs: number) {
  let running: Promise<string | undefined> | undefined;

  async function askOnce(): Promise<string | undefined> {
    try {
      await check();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return async (req: NodeRequest, res: NodeResponse): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, `no answer within ${timeoutMs} ms`);
    });
    running ??= askOnce().finally(() => {
      running = undefined;
    });
    const reason = await Promise.race([running, late]);
    clearTimeout(timer);
    if (reason === undefined) sendJson(req, res, 200, { status: "ready" });
    else throw new HttpRefusal(503, "unavailable", `not ready: ${reason}`);
  };
}

/** `/healthz`: does the process still turn? Asks nobody, so that a database outage restarts no server. */
export function answerLiveness(req: NodeRequest, res: NodeResponse): void {
  sendJson(req, res, 200, { status: "ok" });
}

export async function answerMetrics(
  source: MetricsSource,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const text = await source.metrics();
  res.setHeader("content-type", source.contentType);
  res.statusCode = 200;
  if (req.method === "HEAD") res.end();
  else res.end(text);
}
