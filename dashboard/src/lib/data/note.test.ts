import { expect, test } from "vitest";
import { parseNote } from "./note.ts";

test("reads headings, lists, quotes and code", () => {
  const blocks = parseNote("# Title\n\nOne\ntwo\n- a\n- b\n1. x\n> said\n```\nlet y\n```\nend");
  expect(blocks.map(({ kind }) => kind)).toEqual([
    "heading",
    "paragraph",
    "list",
    "list",
    "quote",
    "code",
    "paragraph",
  ]);
  expect(blocks[1]).toEqual({ kind: "paragraph", parts: [{ kind: "text", text: "One two" }] });
  expect(blocks[5]).toEqual({ kind: "code", text: "let y" });
});

test("reads strong, emphasised, code and links within a line", () => {
  const [block] = parseNote("a **b** *c* `d` [e](https://example.org) https://x.example/y.");
  expect(block).toEqual({
    kind: "paragraph",
    parts: [
      { kind: "text", text: "a " },
      { kind: "strong", text: "b" },
      { kind: "text", text: " " },
      { kind: "em", text: "c" },
      { kind: "text", text: " " },
      { kind: "code", text: "d" },
      { kind: "text", text: " " },
      { kind: "link", text: "e", href: "https://example.org" },
      { kind: "text", text: " " },
      { kind: "link", text: "https://x.example/y", href: "https://x.example/y" },
      { kind: "text", text: "." },
    ],
  });
});

test("leaves HTML and hostile links as text", () => {
  const parts = parseNote("<img src=x onerror=alert(1)> [x](javascript:alert(1))").flatMap((block) =>
    block.kind === "paragraph" ? block.parts : [],
  );
  expect(parts.every(({ kind }) => kind === "text")).toBe(true);
});

test("always ends, whatever the text", () => {
  for (const text of ["```", "#", ">", "- ", "1.", "\n\n\n", "#nospace", "```a\nb"])
    expect(parseNote(text).length).toBeLessThan(4);
});
