import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { standingOf, works } from "./token-standing.ts";
import { lengthLabel, lengthProblem } from "./validity.ts";

const now = 1_000_000;
const past = timestampFromMs(now - 1);
const ahead = timestampFromMs(now + 1);

test.each([
  [{ expireTime: ahead }, "active", true],
  [{ expireTime: past }, "expired", false],
  [{ expireTime: ahead, revokeTime: past }, "revoked", false],
  [{ expireTime: ahead, revokeTime: ahead }, "replaced", true],
  [{ expireTime: past, revokeTime: ahead }, "expired", false],
  [{ expireTime: ahead, maxAsks: 3, asks: 2 }, "active", true],
  [{ expireTime: ahead, maxAsks: 3, asks: 3 }, "used-up", true],
] as const)("token %# is %s", (token, standing, good) => {
  const found = standingOf({ maxAsks: 0, asks: 0, ...token }, now);
  expect(found).toBe(standing);
  expect(works(found)).toBe(good);
});

test("a length is whole days from one to a year", () => {
  expect(["1", "365", "30"].map(lengthProblem)).toEqual([undefined, undefined, undefined]);
  expect(lengthProblem("0")).toBe("From 1 to 365 days.");
  expect(lengthProblem("366")).toBe("From 1 to 365 days.");
  expect(lengthProblem("1.5")).toBe("Whole days are needed.");
  expect(lengthProblem("")).toBe("A number of days is needed.");
  expect([1, 30, 365].map(lengthLabel)).toEqual(["a day", "30 days", "a year"]);
});
