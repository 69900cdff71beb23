import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CoalescerOptions, createCoalescer } from "./coalescer.ts";
import { StudyError } from "./errors.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** A coalescer of numbers whose batches end when they are told to, and a log of what happened. */
function createSubject(options: Partial<CoalescerOptions<number, number>> = {}) {
  const log: string[] = [];
  const batches: PromiseWithResolvers<void>[] = [];
  const call = createCoalescer<number, number>({
    async run(items) {
      log.push(`begin ${items.length}`);
      const done = Promise.withResolvers<void>();
      batches.push(done);
      await done.promise;
      return items.map((item) => 2 * item);
    },
    maxItems: 100,
    maxInFlight: 1,
    maxWaiting: 1_000,
    ...options,
  });
  /** So many calls in one turn; each says once that it has its answer. */
  const callMany = (count: number, name: string) => {
    const calls = Array.from({ length: count }, (_, item) => call(item));
    void calls[0]?.then(() => log.push(`${name} answered`));
    return Promise.all(calls);
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { log, call, callMany, turn, finish: (batch: number) => batches[batch]?.resolve() };
}

const doubles = (count: number) => Array.from({ length: count }, (_, item) => 2 * item);

test("calls of one turn, and those that come while a batch is under way, share a batch", async () => {
  const { log, callMany, turn, finish } = createSubject();
  const first = callMany(3, "first");
  await turn();
  const later = [callMany(4, "second"), callMany(5, "third")];
  await turn();
  finish(0);
  expect(await first).toEqual(doubles(3));
  finish(1);
  expect(await Promise.all(later)).toEqual([doubles(4), doubles(5)]);
  expect(log.filter((line) => line.startsWith("begin"))).toEqual(["begin 3", "begin 9"]);
});

test("many calls at once go in halves, and the second half goes before the first one is answered", async () => {
  const { log, callMany, turn, finish } = createSubject({ minShare: 10 });
  const calls = callMany(20, "first");
  await turn();
  expect(log).toEqual(["begin 10"]);
  finish(0);
  await turn();
  await turn();
  expect(log).toEqual(["begin 10", "begin 10", "first answered"]);
  // Who has been answered calls again: nothing is dealt any further.
  const again = callMany(10, "again");
  await turn();
  finish(1);
  expect(await calls).toEqual(doubles(20));
  await turn();
  finish(2);
  expect(await again).toEqual(doubles(10));
  expect(log).toEqual(["begin 10", "begin 10", "first answered", "begin 10", "again answered"]);
});

test("after a slow batch one takes all: those who waited, and those who have just been answered", async () => {
  const { log, call, turn, finish } = createSubject({ minShare: 10 });
  const callers = Array.from({ length: 20 }, async (_, item) => [await call(item), await call(item)]);
  await turn();
  vi.advanceTimersByTime(5);
  finish(0);
  while (log.length < 2) await turn();
  vi.advanceTimersByTime(5);
  finish(1);
  while (log.length < 3) await turn();
  finish(2);
  expect(await Promise.all(callers)).toEqual(doubles(20).map((answer) => [answer, answer]));
  expect(log).toEqual(["begin 10", "begin 20", "begin 10"]);
});

test("fewer calls than two shares are one batch, and a key occurs once in a batch", async () => {
  const { log, callMany, turn, finish } = createSubject({ minShare: 10, keyOf: (item) => String(item % 15) });
  const calls = callMany(18, "all");
  await turn();
  expect(log).toEqual(["begin 15"]);
  finish(0);
  await turn();
  finish(1);
  expect(await calls).toEqual(doubles(18));
  expect(log.filter((line) => line.startsWith("begin"))).toEqual(["begin 15", "begin 3"]);
});

test("an item that fails for good fails alone; what may pass, and a refusal, is everybody's", async () => {
  const refusals = new Map<number, Error>();
  const sizes: number[] = [];
  const call = createCoalescer<number, number>({
    async run(items) {
      sizes.push(items.length);
      const refusal = items.map((item) => refusals.get(item)).find((error) => error !== undefined);
      if (refusal !== undefined) throw refusal;
      return items;
    },
    maxItems: 10,
    maxInFlight: 1,
    maxWaiting: 10,
  });
  const outcomes = async () =>
    (await Promise.allSettled([call(1), call(2), call(3)])).map(({ status }) => status);
  refusals.set(2, Object.assign(new Error("out of range"), { code: "22003" }));
  expect(await outcomes()).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(sizes).toEqual([3, 1, 1, 1]);
  for (const error of [
    Object.assign(new Error("shutting down"), { code: "57P01" }),
    new StudyError("STUDY_NOT_FOUND", "gone"),
  ]) {
    refusals.set(2, error);
    expect(await outcomes()).toEqual(["rejected", "rejected", "rejected"]);
  }
  refusals.clear();
  expect(await outcomes()).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
});

test("more calls than may wait are refused at once", async () => {
  const { callMany, call, turn, finish } = createSubject({ maxWaiting: 2 });
  const calls = callMany(2, "first");
  await expect(call(3)).rejects.toMatchObject({ reason: "OVERLOADED" });
  await turn();
  finish(0);
  expect(await calls).toEqual(doubles(2));
});
