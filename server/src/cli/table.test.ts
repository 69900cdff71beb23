import { expect, test } from "vitest";
import { formatTable, formatTime } from "./table.ts";

test("columns are as wide as their widest cell, and lines end with their last letter", () => {
  expect(
    formatTable(
      ["ID", "NAME"],
      [
        ["1", "a long name"],
        ["23", ""],
      ],
    ),
  ).toBe(["ID  NAME", "1   a long name", "23"].join("\n"));
});

test("times are UTC to the minute", () => {
  expect(formatTime(new Date("2026-11-22T14:03:59Z"))).toBe("2026-11-22 14:03");
  expect(formatTime(undefined)).toBe("never");
});
