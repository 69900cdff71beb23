import { expect, test } from "vitest";
import { TokenFieldError } from "../identity/index.ts";
import { describeFailure } from "./report-failure.ts";

test("what a user can do something about is a sentence", () => {
  expect(describeFailure(new Error("the disk is full"))).toBe("asktell: the disk is full");
  expect(describeFailure(new TokenFieldError("validity", "is too long"))).toBe(
    "asktell: the validity is too long.",
  );
  expect(describeFailure("odd")).toBe("asktell: odd");
});

test("a fault of the program shows where it is", () => {
  expect(describeFailure(new TypeError("x is undefined"))).toMatch(
    /^asktell: TypeError: x is undefined\n {4}at /,
  );
});
