import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../store/store.ts";

/** How soon a change made by another replica is noticed, ms: well under the second that watchers are promised. */
const pollMs = 250;

/** Wakes whoever waits for a study to change, on this replica and, by polling revisions, on others. */
export interface Signals {
  /** Says that this replica has changed a study. */
  notify(studyId: number): void;
  /** Answers when the study may have changed, when the time is over, or when the signal is aborted. May wake early. */
  changed(studyId: number, options: ChangedOptions): Promise<void>;
  /** Ends polling; wakes everybody. */
  stop(): void;
}

export interface ChangedOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The change number that the caller knows: it wakes for any other. Default: the one that the next poll finds. */
  readonly revision?: number;
}

interface Sleeper {
  revision: number | undefined;
  readonly wake: () => void;
}

export function createSignals(store: Store): Signals {
  const sleepers = new Map<number, Set<Sleeper>>();
  const stopped = new AbortController();
  let isPolling = false;

  function notify(studyId: number): void {
    for (const { wake } of sleepers.get(studyId) ?? []) wake();
  }

  /** One query a turn for all studies that somebody waits for; none while nobody waits. */
  async function poll(): Promise<void> {
    if (isPolling) return;
    isPolling = true;
    try {
      while (sleepers.size > 0 && !stopped.signal.aborted) {
        await sleep(pollMs, undefined, { signal: stopped.signal }).catch(() => undefined);
        // A database that is away wakes nobody: callers have their own timeouts, and the next turn asks again.
        const newest = await store.readRevisions([...sleepers.keys()]).catch(() => undefined);
        if (newest !== undefined) wakeBehind(newest);
      }
    } finally {
      isPolling = false;
    }
  }

  function wakeBehind(newest: ReadonlyMap<number, number>): void {
    for (const [studyId, waiting] of sleepers) {
      // A study that is gone has changed too.
      const revision = newest.get(studyId) ?? -1;
      for (const sleeper of waiting) {
        sleeper.revision ??= revision;
        if (sleeper.revision !== revision) sleeper.wake();
      }
    }
  }

  return {
    notify,
    changed(studyId, { timeoutMs, signal, revision }) {
      return new Promise((resolve) => {
        if (signal?.aborted === true || stopped.signal.aborted) {
          resolve();
          return;
        }
        const sleeper: Sleeper = { revision, wake };
        const timer = setTimeout(wake, timeoutMs);
        function wake(): void {
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          const waiting = sleepers.get(studyId);
          waiting?.delete(sleeper);
          if (waiting?.size === 0) sleepers.delete(studyId);
          resolve();
        }
        signal?.addEventListener("abort", wake, { once: true });
        sleepers.set(studyId, (sleepers.get(studyId) ?? new Set<Sleeper>()).add(sleeper));
        void poll();
      });
    },
    stop() {
      stopped.abort();
      for (const studyId of sleepers.keys()) notify(studyId);
    },
  };
}
