import { expect, test } from "vitest";
import { readWords, toggleWord } from "./word-list.ts";

test("a word is put in and taken out", () => {
  expect(toggleWord(readWords(""), "a")).toBe("a");
  expect(toggleWord(readWords("a,b"), "c")).toBe("a,b,c");
  expect(toggleWord(readWords("a,b,c"), "b")).toBe("a,c");
});

test("a word with a comma stays one, whatever it looks like encoded", () => {
  const words = ["params.betas (0,1)", "params.%2C", "100 %"];
  const list = words.reduce((all, word) => toggleWord(readWords(all), word), "");
  expect([...readWords(list)]).toEqual(words);
});
