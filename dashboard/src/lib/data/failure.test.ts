import { expect, test } from "vitest";
import { briefFailure } from "./failure.ts";

test("of a stack trace the line that tells is left", () => {
  expect(briefFailure('Traceback:\n  File "train.py", line 12\nRuntimeError: out of memory\n')).toBe(
    "RuntimeError: out of memory",
  );
  expect(briefFailure("x".repeat(161))).toHaveLength(160);
  expect(briefFailure("")).toBe("");
});
