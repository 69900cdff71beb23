import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Setting, settingNames, settings } from "../config.ts";
import { settingsTable } from "./markdown.ts";

const readme = new URL("../../../README.md", import.meta.url);

/** A Markdown table without the padding that prettier gives it. */
const compact = (table: string) => table.trim().replace(/ +/g, " ").replace(/-{3,}/g, "---");

test("the README's table of settings is that of the code", () => {
  const [, table = ""] =
    /<!-- settings:begin -->(.*)<!-- settings:end -->/s.exec(readFileSync(readme, "utf8")) ?? [];
  expect(compact(table)).toBe(compact(settingsTable()));
});

test.each(settingNames)("the help and the table say which words %s takes", (name) => {
  const { parser, meaning, defaultText = "" }: Setting<unknown> = settings[name];
  const words = /^one of (.*)$/.exec(parser.accepts)?.[1]?.split(", ") ?? [];
  for (const word of words) expect(meaning + defaultText).toContain(`\`${word}\``);
});
