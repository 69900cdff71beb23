import { expect, it } from "vitest";
import { fitAttributes } from "./attributes.ts";

it("attributes within the limit stay as they are", () => {
  const attributes = { a: [1, { b: "c" }], d: "e".repeat(60_000) };
  expect(fitAttributes(attributes)).toEqual(attributes);
});

it("the largest entries make room, and say so", () => {
  const fitted = fitAttributes({ small: 1, large: "x".repeat(100_000), medium: "y".repeat(40_000) });
  expect(fitted).toEqual({ small: 1, large: "left out here: 100002 bytes", medium: "y".repeat(40_000) });
});

it("thousands of short entries too many are left out as a whole", () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index]));
  expect(Object.keys(fitAttributes(many))).toEqual(["omitted"]);
});
