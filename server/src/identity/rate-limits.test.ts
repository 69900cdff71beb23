import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RateLimitError } from "./errors.ts";
import { createRateLimits, noRateLimits } from "./rate-limits.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const token = { kind: "token", id: 7 } as const;
const none = noRateLimits;

/** How many of so many calls pass, and what the last one heard. */
async function passing(calls: number, call: () => Promise<void>): Promise<{ passed: number; last: unknown }> {
  let passed = 0;
  let last: unknown;
  for (let i = 0; i < calls; i++) {
    await call().then(
      () => passed++,
      (error: unknown) => (last = error),
    );
  }
  return { passed, last };
}

test("reads and writes are counted apart, for each caller, anew each second", async () => {
  const limits = createRateLimits({ ...none, reads: 3, writes: 2 });
  const read = () => limits.count(token, "192.0.2.7", true);
  const write = () => limits.count(token, "192.0.2.7", false);
  expect((await passing(5, read)).passed).toBe(3);
  const { passed, last } = await passing(5, write);
  expect(passed).toBe(2);
  expect(last).toBeInstanceOf(RateLimitError);
  expect(last).toMatchObject({ retryAfterMs: 1_000, message: expect.stringMatching(/2 a second/) });
  expect((await passing(5, () => limits.count({ kind: "user", id: 7 }, "192.0.2.7", false))).passed).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await passing(5, write)).passed).toBe(2);
});

test("an address is counted over all its callers, an IPv6 network as one", async () => {
  const limits = createRateLimits({ ...none, address: 4 });
  let id = 0;
  const from = (address: string) => () => limits.count({ kind: "token", id: ++id }, address, false);
  expect((await passing(6, from("192.0.2.7"))).passed).toBe(4);
  expect((await passing(6, from("192.0.2.8"))).passed).toBe(4);
  let host = 0;
  expect((await passing(6, () => from(`2001:db8::${++host}`)())).passed).toBe(4);
});

test("a caller over its own limit does not use up what its neighbours at the same address have", async () => {
  const limits = createRateLimits({ ...none, writes: 2, address: 4 });
  await passing(10, () => limits.count(token, "192.0.2.7", false));
  expect((await passing(2, () => limits.count({ kind: "token", id: 8 }, "192.0.2.7", false))).passed).toBe(2);
});

test("unknown tokens are counted hardest, and their address is refused for the rest of the minute", async () => {
  const limits = createRateLimits({ ...none, failures: 3 });
  const fail = () => limits.countFailure("192.0.2.7", "tokens");
  await limits.checkFailures("192.0.2.7", "tokens");
  const { passed, last } = await passing(4, fail);
  expect(passed).toBe(3);
  expect(last).toMatchObject({ retryAfterMs: 60_000 });
  await expect(limits.checkFailures("192.0.2.7", "tokens")).rejects.toBeInstanceOf(RateLimitError);
  await limits.checkFailures("192.0.2.8", "tokens");
  await limits.checkFailures("192.0.2.7", "sessions");
  await vi.advanceTimersByTimeAsync(60_000);
  await limits.checkFailures("192.0.2.7", "tokens");
});

test("0 is no limit, and without an address there is nothing to count", async () => {
  const limits = createRateLimits(none);
  expect((await passing(100, () => limits.count(token, "192.0.2.7", true))).passed).toBe(100);
  expect((await passing(100, () => limits.countFailure("192.0.2.7", "tokens"))).passed).toBe(100);
  const strict = createRateLimits({ ...none, address: 1, failures: 1 });
  expect((await passing(100, () => strict.count(token, "", true))).passed).toBe(100);
});

test("counting keeps nothing of addresses that are gone", async () => {
  const limits = createRateLimits({ ...none, reads: 5_000, address: 20_000 });
  for (let i = 0; i < 10_000; i++)
    await limits.count(token, `192.0.${i >> 8}.${i & 255}`, true).catch(() => {});
  expect(vi.getTimerCount()).toBeGreaterThan(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
});
