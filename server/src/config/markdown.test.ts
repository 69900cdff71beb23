import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { settingsTable } from "./markdown.ts";

const readme = new URL("../../../README.md", import.meta.url);

/** A Markdown table without the padding that prettier gives it. */
const compact = (table: string) => table.trim().replace(/ +/g, " ").replace(/-{3,}/g, "---");

test("the README's table of settings is that of the code", () => {
  const [, table = ""] =
    /<!-- settings:begin -->(.*)<!-- settings:end -->/s.exec(readFileSync(readme, "utf8")) ?? [];
  expect(compact(table)).toBe(compact(settingsTable()));
});
