import { expect, test } from "vitest";
import { createRecentCache } from "./recent-cache.ts";

function setUp(maxEntries = 2) {
  const clock = { now: 1_000 };
  return { clock, cache: createRecentCache<number>({ maxEntries, ttlMs: 100, now: () => clock.now }) };
}

test("an entry is good until its time is over, counted from when it was true", () => {
  const { cache, clock } = setUp();
  cache.set("a", 1, 950);
  clock.now = 1_049;
  expect(cache.get("a")).toBe(1);
  clock.now = 1_050;
  expect(cache.get("a")).toBeUndefined();
});

test("using an entry does not lengthen its life", () => {
  const { cache, clock } = setUp();
  cache.set("a", 1, 1_000);
  clock.now = 1_090;
  cache.get("a");
  clock.now = 1_100;
  expect(cache.get("a")).toBeUndefined();
});

test("an entry of the future, left behind by a clock that was set back, is not used", () => {
  const { cache, clock } = setUp();
  cache.set("a", 1, 1_000);
  clock.now = 999;
  expect(cache.get("a")).toBeUndefined();
});

test("a full cache drops what was used longest ago", () => {
  const { cache } = setUp(2);
  cache.set("a", 1, 1_000);
  cache.set("b", 2, 1_000);
  cache.get("a");
  cache.set("c", 3, 1_000);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
});

test("entries can be deleted by what they hold", () => {
  const { cache } = setUp();
  cache.set("a", 1, 1_000);
  cache.set("b", 2, 1_000);
  cache.deleteWhere((value) => value === 1);
  expect(["a", "b"].map((key) => cache.get(key))).toEqual([undefined, 2]);
});
