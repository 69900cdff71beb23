import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";

/** A piece of a note, ready to be shown: nothing in it is HTML, and every link leads where it says. */
export type NoteNode =
  | { readonly kind: "text" | "code" | "block"; readonly text: string }
  | { readonly kind: "break" | "rule" }
  | { readonly kind: "strong" | "em" | "del" | "paragraph" | "quote"; readonly children: NoteNodes }
  | { readonly kind: "link"; readonly href: string; readonly children: NoteNodes }
  | { readonly kind: "heading"; readonly level: number; readonly children: NoteNodes }
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly NoteNodes[];
    }
  | { readonly kind: "table"; readonly head: readonly NoteNodes[]; readonly rows: readonly NoteNodes[][] };

export type NoteNodes = readonly NoteNode[];

/**
 * Reads a note, GitHub's Markdown. Raw HTML stays the text that it is; pictures become links, for the page loads nothing from
 * elsewhere; only http, https and mailto links are links.
 */
export function parseNote(text: string): NoteNodes {
  if (pile.test(text)) return [{ kind: "block", text }];
  try {
    return nodesOf(new Lexer({ gfm: true, breaks: false }).lex(text), 0);
  } catch (error) {
    // Nesting that exhausts the stack: such a text is shown as it is.
    if (error instanceof RangeError) return [{ kind: "block", text }];
    throw error;
  }
}

/** Quotes within quotes by the hundred, which take the lexer seconds and mean nothing. */
const pile = /^ {0,3}(?:> ?){200}/m;

const DEEPEST = 24; // levels; what is nested deeper stays text

function nodesOf(tokens: readonly Token[] | undefined, depth: number): NoteNodes {
  // The type allows for tokens of extensions, of which there are none.
  const known = (tokens ?? []) as readonly MarkedToken[];
  if (depth > DEEPEST) return known.map(({ raw }) => ({ kind: "text", text: raw }));
  return known.flatMap((token) => nodeOf(token, (nested) => nodesOf(nested, depth + 1)));
}

type Descend = (tokens: readonly Token[] | undefined) => NoteNodes;

function nodeOf(token: MarkedToken, within: Descend): NoteNode | NoteNodes {
  const cellOf = (cell: Tokens.TableCell): NoteNodes => within(cell.tokens);
  switch (token.type) {
    case "heading":
      return { kind: "heading", level: token.depth, children: within(token.tokens) };
    case "paragraph":
      return { kind: "paragraph", children: within(token.tokens) };
    case "blockquote":
      return { kind: "quote", children: within(token.tokens) };
    case "strong":
    case "em":
    case "del":
      return { kind: token.type, children: within(token.tokens) };
    case "list":
      return {
        kind: "list",
        ordered: token.ordered,
        start: token.start === "" ? 1 : token.start,
        items: token.items.map((item) => within(item.tokens)),
      };
    case "table":
      return {
        kind: "table",
        head: token.header.map(cellOf),
        rows: token.rows.map((row) => row.map(cellOf)),
      };
    case "code":
      return { kind: "block", text: token.text };
    case "codespan":
      return { kind: "code", text: token.text };
    case "link":
      return linkTo(token.href, within(token.tokens), token.raw);
    case "image":
      return linkTo(token.href, [{ kind: "text", text: token.text || token.href }], token.raw);
    case "checkbox":
      return { kind: "text", text: token.checked ? "☑ " : "☐ " };
    case "text":
      return token.tokens === undefined ? plain(token.text) : within(token.tokens);
    case "escape":
      return plain(token.text);
    case "html":
      return { kind: "text", text: token.raw };
    case "br":
      return { kind: "break" };
    case "hr":
      return { kind: "rule" };
    default:
      return [];
  }
}

/** Any other scheme, javascript: above all, is not a link but the text that was written. */
function linkTo(href: string, children: NoteNodes, raw: string): NoteNode {
  return /^(https?:|mailto:)/i.test(href) ? { kind: "link", href, children } : { kind: "text", text: raw };
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** Text whose character references are resolved, as a browser would. */
function plain(text: string): NoteNode {
  const resolved = text.replace(/&(?:#(\d{1,6})|([a-z]{2,4}));/g, (whole, code?: string, name?: string) =>
    code === undefined ? (named[name ?? ""] ?? whole) : String.fromCodePoint(Number(code)),
  );
  return { kind: "text", text: resolved };
}
