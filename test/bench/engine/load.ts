/** How a server is loaded. */
export interface Load {
  readonly rounds: number;
  /** Length of a round, ms. */
  readonly roundMs: number;
  readonly sampler: "random" | "tpe";
  /** How much longer each commit waits before its flush, ms. */
  readonly flushDelayMs: number;
}

/** Calls a second of so many callers, each of which calls again as soon as it has its answer. */
export async function rate(
  { roundMs }: Load,
  callers: number,
  call: (caller: number) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + roundMs;
  const loop = async (caller: number) => {
    while (performance.now() < end) {
      await call(caller);
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => loop(caller)));
  return (done * 1_000) / (performance.now() - start);
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
