import { afterEach, expect, test, vi } from "vitest";
import { createUseLog } from "./use-log.ts";

afterEach(() => void vi.useRealTimers());

function setUp() {
  vi.useFakeTimers({ now: 1_000 });
  const written: [number, number][][] = [];
  const warnings: string[] = [];
  const state = { down: false };
  const uses = createUseLog({
    async write(batch) {
      await Promise.resolve();
      if (state.down) throw new Error("connection refused");
      written.push([...batch].map(([id, { at }]) => [id, at.getTime()]));
    },
    log: { info: () => {}, warn: (message) => warnings.push(message) },
    now: Date.now,
  });
  return { written, warnings, state, uses };
}

test("the uses of a minute are written in one statement, each token with its last", async () => {
  const { written, uses } = setUp();
  uses.note(1, "10.0.0.7");
  uses.note(2, "10.0.0.7");
  vi.setSystemTime(3_000);
  uses.note(1, "10.0.0.7");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(written).toEqual([
    [
      [1, 3_000],
      [2, 1_000],
    ],
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(written).toHaveLength(1);
  await uses.stop();
});

test("uses that could not be written are kept for the next minute", async () => {
  const { written, warnings, state, uses } = setUp();
  state.down = true;
  uses.note(1, "10.0.0.7");
  await uses.flush();
  expect(warnings).toEqual(["could not note when tokens were last used: connection refused"]);
  state.down = false;
  await uses.flush();
  expect(written).toEqual([[[1, 1_000]]]);
  await uses.stop();
});

test("stopping writes what is left", async () => {
  const { written, uses } = setUp();
  uses.note(1, "10.0.0.7");
  await uses.stop();
  expect(written).toEqual([[[1, 1_000]]]);
});
