import { expect, test } from "vitest";
import { isEnding } from "./lease.ts";

const NOW = 1_000_000;

test("the last of a lease is a quarter of it, at most a minute", () => {
  expect(isEnding({ ends: NOW + 20_000, seen: NOW - 10_000 }, NOW)).toBe(false);
  expect(isEnding({ ends: NOW + 7_000, seen: NOW - 23_000 }, NOW)).toBe(true);
  expect(isEnding({ ends: NOW + 61_000, seen: NOW - 3_600_000 }, NOW)).toBe(false);
  expect(isEnding({ ends: NOW + 59_000, seen: NOW - 3_600_000 }, NOW)).toBe(true);
});
