import { expect, test } from "vitest";
import { clip } from "./clip.ts";

test("text that fits stays as it is", () => {
  expect(clip("abc", 3)).toBe("abc");
});

test("longer text ends with an ellipsis, within the limit", () => {
  expect(clip("abcd", 3)).toBe("ab…");
});

test("a character of two code units is not cut in half", () => {
  expect(clip("a😀bc", 3)).toBe("a…");
  expect(clip("a😀bc", 4)).toBe("a😀…");
});
