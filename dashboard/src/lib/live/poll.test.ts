import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { poll, type Poll } from "./poll.ts";

const page = Object.assign(new EventTarget(), { hidden: false });
let running: Poll | undefined;

/** The page comes into sight, or goes out of it. */
function look(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", page);
});
afterEach(() => {
  running?.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("asks now, then at its pace, more slowly while asking fails", async () => {
  const answers = [true, true, false, false, false, true, true];
  const times: number[] = [];
  const begun = Date.now();
  running = poll(
    () => {
      times.push(Date.now() - begun);
      return Promise.resolve(answers[times.length - 1] ?? true);
    },
    { every: 2_000, slowest: 9_000 },
  );
  await vi.advanceTimersByTimeAsync(36_000);
  expect(times).toEqual([0, 2_000, 4_000, 8_000, 16_000, 25_000, 27_000, 29_000, 31_000, 33_000, 35_000]);
});

test("rests while nobody looks, and asks at once when somebody does again", async () => {
  let count = 0;
  running = poll(
    () => {
      count += 1;
      return Promise.resolve(true);
    },
    { every: 1_000 },
  );
  await vi.advanceTimersByTimeAsync(1_500);
  expect(count).toBe(2);
  look(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count).toBe(3);
  look(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(count).toBe(4);
  running.stop();
  look(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count).toBe(4);
});

test("gives a question up that hangs when it is to ask again", async () => {
  const signals: AbortSignal[] = [];
  running = poll(
    (signal) => {
      signals.push(signal);
      return signals.length === 1 ? new Promise(() => {}) : Promise.resolve(true);
    },
    { every: 1_000 },
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  running.refresh();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
});

test("asks nothing once it is stopped, be it at once", async () => {
  let count = 0;
  running = poll(
    () => {
      count += 1;
      return Promise.resolve(true);
    },
    { every: 1_000 },
  );
  running.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(count).toBe(0);
});
