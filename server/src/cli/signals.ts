/** What a process that is asked to stop, and asked again, does. */
export interface StopSteps {
  /** The first time: stop in order. */
  readonly first: (signal: string) => void;
  /** The second time: stop waiting for others. */
  readonly second: () => void;
  /** The third time: go at once. */
  readonly third: () => void;
}

/**
 * Ctrl-C can reach a process twice, from the terminal and from the npm that started it: within this time it is one, ms.
 */
const repeatMs = 500;

/** Calls the steps as signals come in. */
export function onStopSignals(
  signals: readonly NodeJS.Signals[],
  steps: StopSteps,
  now: () => number = () => performance.now(),
): void {
  let count = 0;
  let last = -Infinity;
  for (const signal of signals) {
    process.on(signal, () => {
      if (now() - last < repeatMs) return;
      last = now();
      count++;
      if (count === 1) steps.first(signal);
      else if (count === 2) steps.second();
      else steps.third();
    });
  }
}
