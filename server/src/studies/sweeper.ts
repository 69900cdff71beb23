import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, stateAfter, withFreshStudy } from "./engine.ts";

/** Time between two sweeps, ms. */
const sweepEveryMs = 2_500;

/** Time between two looks for what only takes up room, ms. */
const tidyEveryMs = 250_000;

/** Work that no call waits for: ends leases, follows time limits, removes what is deleted or forgotten, tidies up. */
export interface Sweeper {
  stop(): Promise<void>;
}

/**
 * Starts sweeping. Every replica sweeps; each step is one statement that finds nothing left to do if another was first. The kinds of
 * work do not wait for one another: a large study that is deleted must not keep leases from ending.
 */
export function startSweeper(engine: Engine): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Does a task again and again; up to a fifth of the time between is left out at random, so that replicas do not do it in step. */
  async function every(ms: number, task: () => Promise<void>): Promise<void> {
    for (;;) {
      await sleep(ms * (1 - Math.random() / 5), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await task().catch((error: unknown) => {
        engine.log.warn({ err: error }, "a sweep failed; the next one tries again");
      });
    }
  }

  /** Does something to each study; what fails with one is left to the next sweep, and the others have their turn. */
  async function forEach(
    studyIds: readonly number[],
    work: (studyId: number) => Promise<void>,
  ): Promise<void> {
    for (const studyId of studyIds) {
      if (signal.aborted) return;
      await work(studyId).catch((error: unknown) => {
        engine.log.warn({ err: error, studyId }, "a study could not be swept; the next sweep tries again");
      });
    }
  }

  /** Takes a step as long as it answers that there may be more. */
  async function whileMore(step: () => Promise<boolean>): Promise<void> {
    while (!signal.aborted && (await step()));
  }

  const { store } = engine;
  const running = [
    every(sweepEveryMs, async () =>
      forEach(await store.studiesWithExpiredLeases(), (studyId) => endLeases(engine, studyId)),
    ),
    // Studies whose time is over although nobody asks any more.
    every(sweepEveryMs, async () =>
      forEach(await store.overdueStudies(), (studyId) =>
        withFreshStudy(engine, studyId, async () => undefined),
      ),
    ),
    every(sweepEveryMs, () => whileMore(store.removeDeletedTrials)),
    every(tidyEveryMs, () => whileMore(store.forgetOldRequests)),
    // Keeps the logs of changes short.
    every(tidyEveryMs, async () =>
      forEach(await store.studiesWithScatteredChanges(), (studyId) =>
        whileMore(() => store.mergeChanges(studyId)),
      ),
    ),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function endLeases(engine: Engine, studyId: number): Promise<void> {
  const { requeued, failed } = await engine.store.sweepLeases(studyId);
  if (requeued + failed === 0) return;
  engine.log.info({ studyId, requeued, failed }, "leases ended without a word from their workers");
  engine.signals.notify(studyId);
  // Those whose workers have all died are asked of by nobody.
  if (failed > 0) await stateAfter(engine, studyId, "active");
}
