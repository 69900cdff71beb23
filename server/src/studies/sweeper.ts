import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../store/store.ts";
import { type Engine, withFreshStudy } from "./engine.ts";

/** Time between two sweeps, ms, of which up to a fifth is left out at random, so that replicas do not sweep in step. */
const sweepEveryMs = 2_500;

/** Work that no call waits for: ends leases, follows time limits, removes what is deleted or forgotten, tidies up. */
export interface Sweeper {
  stop(): Promise<void>;
}

/** Starts sweeping. Every replica sweeps; each step is one statement that finds nothing left to do if another was first. */
export function startSweeper(engine: Engine): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    for (let turn = 0; !signal.aborted; turn++) {
      await sleep(sweepEveryMs * (1 - Math.random() / 5), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await sweepLeases(engine, signal);
        await finishOverdue(engine);
        while (!signal.aborted && (await engine.store.removeDeletedTrials()));
        if (turn % 100 === 0) {
          await engine.store.forgetOldRequests();
          await mergeChanges(engine.store, signal);
        }
      } catch (error) {
        engine.log.warn({ error }, "a sweep failed; the next one tries again");
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function sweepLeases(engine: Engine, signal: AbortSignal): Promise<void> {
  for (const studyId of await engine.store.studiesWithExpiredLeases()) {
    if (signal.aborted) return;
    const { requeued, failed } = await engine.store.sweepLeases(studyId);
    if (requeued + failed === 0) continue;
    engine.log.info({ studyId, requeued, failed }, "leases ended without a word from their workers");
    engine.signals.notify(studyId);
  }
}

/** Keeps the logs of changes short. */
async function mergeChanges(store: Store, signal: AbortSignal): Promise<void> {
  for (const studyId of await store.studiesWithScatteredChanges())
    while (!signal.aborted && (await store.mergeChanges(studyId)));
}

/** Finishes studies whose time is over although nobody asks any more. */
async function finishOverdue(engine: Engine): Promise<void> {
  for (const studyId of await engine.store.overdueStudies())
    await withFreshStudy(engine, studyId, async () => undefined);
}
