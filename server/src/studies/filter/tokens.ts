import { type Source, refusal, shown } from "./source.ts";

export type TokenKind = "word" | "text" | "operator" | "(" | ")" | "," | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A word or operator as written, a quoted text without its quotes and escapes. */
  readonly text: string;
  /** Offsets into the source, from the first character to behind the last. */
  readonly start: number;
  readonly end: number;
}

const space = /\s*/uy;
/** Names such as `optimizer/lr-1` need no quotes. */
const word = /[^\s()"'=<>!,\p{Cc}]+/uy;
const operator = /<=|>=|!=|<|>|=/uy;

/** Whether a text is one word, and so needs no quotes. */
export function isWord(text: string): boolean {
  return matchAt(word, text, 0) === text && text !== "";
}

/** The tokens of a text, the last of kind `end`. */
export function tokensOf(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(space, text, at).length;
    const token = tokenAt(source, at);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    at = token.end;
  }
}

function tokenAt(source: Source, start: number): Token {
  const { text } = source;
  const first = text[start];
  if (first === undefined) return { kind: "end", text: "", start, end: start };
  if (first === "(" || first === ")" || first === ",") {
    return { kind: first, text: first, start, end: start + 1 };
  }
  if (first === '"') return quotedAt(source, start);
  const symbol = matchAt(operator, text, start);
  if (symbol !== "") return { kind: "operator", text: symbol, start, end: start + symbol.length };
  const written = matchAt(word, text, start);
  if (written !== "") return { kind: "word", text: written, start, end: start + written.length };
  if (first === "'") throw refusal(source, start, `found ', but text is written in double quotes: "…"`);
  if (first === "!") throw refusal(source, start, `found !, but "not" is written NOT, and "not equal" !=`);
  throw refusal(
    source,
    start,
    `found ${shown(first)}: control characters are accepted as escapes in double quotes only`,
  );
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A text in double quotes, with the escapes of JSON. */
function quotedAt(source: Source, start: number): Token {
  const { text } = source;
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      if (!content.isWellFormed())
        throw refusal(source, start, "found half of a surrogate pair, which is no character");
      return { kind: "text", text: content, start, end: at + 1 };
    }
    if (character !== "\\") {
      content += character;
      continue;
    }
    const letter = text.charAt(++at);
    if (letter === "u") {
      const digits = text.slice(at + 1, at + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits))
        throw refusal(source, at - 1, "found \\u without four hexadecimal digits");
      if (digits === "0000") {
        throw refusal(source, at - 1, "found the character U+0000, which no text here can contain");
      }
      content += String.fromCharCode(Number.parseInt(digits, 16));
      at += 4;
      continue;
    }
    const meant = escapes[letter];
    if (meant === undefined) {
      throw refusal(
        source,
        at - 1,
        `found the escape ${shown(`\\${letter}`)}: accepted are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX`,
      );
    }
    content += meant;
  }
  throw refusal(source, start, `found a double quote that is never closed`);
}

/** What a sticky expression matches at an offset; empty when nothing. */
function matchAt(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? "";
}
