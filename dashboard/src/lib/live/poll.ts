/** How often to ask, ms. */
export interface PollPace {
  readonly every: number;
  /** While asking fails, each pause is twice the one before, up to this one. Default: no longer than ever. */
  readonly slowest?: number;
}

export interface Poll {
  /** Asks now. A question under way is given up: its connection may have died while the machine slept. */
  refresh(): void;
  stop(): void;
}

/**
 * Asks now, and again and again while somebody looks at the page, and as soon as they look again.
 *
 * @param ask answers whether it went well; is called outside of every reactive context
 */
export function poll(
  ask: (signal: AbortSignal) => Promise<boolean>,
  { every, slowest = every }: PollPace,
): Poll {
  let asked = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function run(): Promise<void> {
    clearTimeout(timer);
    asked.abort();
    const { signal } = (asked = new AbortController());
    const wentWell = await ask(signal);
    if (signal.aborted) return;
    failures = wentWell ? 0 : failures + 1;
    if (!document.hidden) timer = setTimeout(() => void run(), Math.min(slowest, every * 2 ** failures));
  }
  const refresh = (): void => {
    if (!document.hidden) void run();
  };
  document.addEventListener("visibilitychange", refresh);
  // Not in the reactive context that asks for it, and not by a timer, which a page in the background waits for.
  queueMicrotask(() => {
    if (!asked.signal.aborted) void run();
  });
  return {
    refresh,
    stop() {
      document.removeEventListener("visibilitychange", refresh);
      clearTimeout(timer);
      asked.abort();
    },
  };
}
