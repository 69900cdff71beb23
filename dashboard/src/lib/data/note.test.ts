import { expect, test } from "vitest";
import { type NoteNode, type NoteNodes, parseNote } from "./note.ts";

const text = (value: string): NoteNode => ({ kind: "text", text: value });

/** Every node of a tree. */
function* every(nodes: NoteNodes): Generator<NoteNode> {
  for (const node of nodes) {
    yield node;
    if ("children" in node) yield* every(node.children);
    if (node.kind === "list") for (const item of node.items) yield* every(item);
    if (node.kind === "table") for (const cell of [node.head, ...node.rows].flat()) yield* every(cell);
  }
}

test("reads headings, lists within lists, quotes, tables, rules and code", () => {
  const nodes = parseNote(
    "# Title\n\nOne\ntwo\n\n- a\n  1. b\n- [x] c\n\n> said\n\n```py\nlet y\n```\n\n| p | q |\n|---|---|\n| 1 | 2 |\n\n---\n",
  );
  expect(nodes.map(({ kind }) => kind)).toEqual([
    "heading",
    "paragraph",
    "list",
    "quote",
    "block",
    "table",
    "rule",
  ]);
  expect(nodes[4]).toEqual({ kind: "block", text: "let y" });
  expect(nodes[5]).toMatchObject({ head: [[text("p")], [text("q")]], rows: [[[text("1")], [text("2")]]] });
  const list = nodes[2];
  if (list?.kind !== "list") throw new Error("no list");
  expect(list.items[0]?.[1]).toMatchObject({ kind: "list", ordered: true, start: 1 });
  expect([...every(list.items[1] ?? [])].map((node) => ("text" in node ? node.text : "")).join("")).toBe(
    "☑ c",
  );
});

test("reads strong, emphasised, struck, code, links and character references within a line", () => {
  expect(parseNote("a **b** *c* ~~x~~ `d` [e](https://example.org) 1 &lt; 2 https://x.example/y.")).toEqual([
    {
      kind: "paragraph",
      children: [
        text("a "),
        { kind: "strong", children: [text("b")] },
        text(" "),
        { kind: "em", children: [text("c")] },
        text(" "),
        { kind: "del", children: [text("x")] },
        text(" "),
        { kind: "code", text: "d" },
        text(" "),
        { kind: "link", href: "https://example.org", children: [text("e")] },
        text(" 1 < 2 "),
        { kind: "link", href: "https://x.example/y", children: [text("https://x.example/y")] },
        text("."),
      ],
    },
  ]);
});

test("leaves HTML and hostile links as text and loads no picture", () => {
  const hostile =
    "<img src=x onerror=alert(1)> <b>x</b>\n\n[x](javascript:alert(1)) [y](data:text/html,z) ![p](//evil.example/p.png)\n\n<script>alert(1)</script>";
  const kinds = new Set([...every(parseNote(hostile))].map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(["paragraph", "text"]);
  expect(parseNote("![p](https://example.org/p.png)")).toMatchObject([
    { children: [{ kind: "link", href: "https://example.org/p.png" }] },
  ]);
});

test("survives hostile nesting: what is too deep stays text", () => {
  expect(parseNote("> ".repeat(30_000))).toEqual([{ kind: "block", text: "> ".repeat(30_000) }]);
  const deep = [...every(parseNote(`${"> ".repeat(60)}end`))];
  expect(deep.filter(({ kind }) => kind === "quote").length).toBeLessThan(30);
  expect(deep.at(-1)).toMatchObject({ kind: "text", text: expect.stringContaining("end") });
});
