import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

test("quotes what needs it and leaves numbers as they are", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        [1.5, 'say "hi", twice'],
        [NaN, null],
      ],
    ),
  ).toBe('\uFEFFa,b\r\n1.5,"say ""hi"", twice"\r\n,\r\n');
});

test("does not hand formulas to a spreadsheet", () => {
  expect(toCsv(["x"], [["=1+1"], [-1]])).toBe("\uFEFFx\r\n'=1+1\r\n-1\r\n");
});
