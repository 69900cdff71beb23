import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest stretch of work before other calls get their turn, ms. */
const longestStretchMs = 8;

/** Begins a stretch of work on this thread; answers a function that lets other calls have their turn, if it is time. Awaited between steps. */
export function createBreaks(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun <= longestStretchMs) return;
    await nextTurn();
    begun = performance.now();
  };
}
