import { expect, test } from "vitest";
import {
  covers,
  roleFor,
  roleNumber,
  roleOf,
  roles,
  scopeFor,
  scopeNumber,
  scopeOf,
  scopes,
  widest,
} from "./scope.ts";

test("each scope covers itself and the narrower ones only", () => {
  const covered = scopes.map((held) => scopes.filter((needed) => covers(held, needed)));
  expect(covered).toEqual([
    ["read"],
    ["read", "work"],
    ["read", "work", "edit"],
    ["read", "work", "edit", "manage"],
  ]);
});

test("the widest scope of a list counts", () => {
  expect(widest(["work", "read"])).toBe("work");
  expect(widest([])).toBeUndefined();
});

test("scopes keep the numbers that are stored", () => {
  expect(scopes.map(scopeNumber)).toEqual([1, 2, 4, 3]);
  expect([1, 2, 4, 3].map(scopeOf)).toEqual(scopes);
  expect(() => scopeOf(0)).toThrow(RangeError);
});

test("each role allows what one scope does, and keeps its number", () => {
  expect(roles.map(scopeFor)).toEqual(scopes);
  expect(scopes.map(roleFor)).toEqual(roles);
  expect(roles.map(roleNumber)).toEqual([1, 2, 3, 4]);
  expect([1, 2, 3, 4].map(roleOf)).toEqual(roles);
  expect(() => roleOf(5)).toThrow(RangeError);
});
