import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";

/** A study as somebody sees it who only watches. */
export interface Watcher {
  /** Every trial as last seen, by number. */
  readonly trials: ReadonlyMap<number, Trial>;
  /** What was out of order. */
  readonly problems: readonly string[];
  /** How often the stream broke and was taken up at its cursor. */
  readonly resumed: number;
  /** The newest change that it has handled. */
  readonly cursor: bigint;
  stop(): Promise<void>;
}

/**
 * Watches a study over gRPC, at one server after the other: whenever the stream breaks it goes on at the last cursor.
 *
 * @param urlNow - a server that probably runs
 */
export function startWatcher(urlNow: () => string, token: string, study: string): Watcher {
  const trials = new Map<number, Trial>();
  const problems: string[] = [];
  const stopping = new AbortController();
  let cursor = 0n;
  let resumed = 0;

  async function follow(): Promise<void> {
    const transport = createGrpcTransport({ baseUrl: urlNow() });
    const headers = { authorization: `Bearer ${token}` };
    const stream = createClient(StudyService, transport).watchStudy(
      { study, cursor: String(cursor) },
      { headers, signal: stopping.signal },
    );
    for await (const event of stream) {
      for (const trial of event.trials) {
        if (trial.revision <= cursor)
          problems.push(`trial ${trial.number} came with change ${trial.revision} after ${cursor}`);
        cursor = trial.revision;
        trials.set(trial.number, trial);
      }
      if (BigInt(event.cursor) < cursor) problems.push(`cursor ${event.cursor} lies before change ${cursor}`);
      cursor = BigInt(event.cursor);
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await follow().catch(() => undefined);
      if (stopping.signal.aborted) return;
      resumed++;
      await sleep(100);
    }
  }

  const watching = watch();
  return {
    trials,
    problems,
    get resumed() {
      return resumed;
    },
    get cursor() {
      return cursor;
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
