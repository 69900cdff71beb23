import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPaced } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work of 100 ms with a rest of a second after it; when it began each time. */
function start() {
  const begun = performance.now();
  const times: number[] = [];
  const paced = createPaced(
    async () => {
      times.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done, 100));
    },
    (took) => 10 * took,
  );
  return { paced, times };
}

test("is done at once, and not again before somebody wants it", async () => {
  const { paced, times } = start();
  paced.want();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toEqual([0]);
  paced.want();
  await vi.advanceTimersByTimeAsync(0);
  expect(times).toEqual([0, 10_000]);
});

test("wanted all the time, it is done one at a time with rests between", async () => {
  const { paced, times } = start();
  for (let i = 0; i < 300; i++) {
    paced.want();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(times).toEqual([0, 1_100, 2_200]);
});

test("is not done any more once it is stopped", async () => {
  const { paced, times } = start();
  paced.want();
  await vi.advanceTimersByTimeAsync(50);
  paced.want();
  paced.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  paced.want();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toEqual([0]);
});
