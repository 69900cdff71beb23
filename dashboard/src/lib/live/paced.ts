/** Work that is wanted more often than it is done. */
export interface Paced {
  /** Has it done once more: now, or when the one under way is done and a rest is over. */
  want(): void;
  stop(): void;
}

/**
 * Does a piece of work whenever it is wanted, one at a time and with a rest after each. Something that changes all the time is thus
 * answered again and again, where one that began afresh at each change would never come to an end.
 *
 * @param work must not throw; is called outside of every reactive context
 * @param rest how long to rest after work that took this long, both ms
 */
export function createPaced(
  work: (signal: AbortSignal) => Promise<void>,
  rest: (took: number) => number,
): Paced {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let wanted = false;
  let next = 0; // on the clock of performance.now()

  async function run(): Promise<void> {
    timer = undefined;
    busy = true;
    wanted = false;
    const begun = performance.now();
    await work(stopped.signal);
    busy = false;
    next = performance.now() + rest(performance.now() - begun);
    if (wanted) want();
  }
  function want(): void {
    wanted = true;
    if (busy || timer !== undefined || stopped.signal.aborted) return;
    timer = setTimeout(() => void run(), Math.max(0, next - performance.now()));
  }
  return {
    want,
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
