import { type Source, refusal, shown } from "./source.ts";
import { type Token, type TokenKind, tokensOf } from "./tokens.ts";

/** The tokens of a source, read one after the other. */
export interface TokenReader {
  readonly source: Source;
  /** The next token, which stays. */
  peek(): Token;
  /** The next token, and moves on. */
  take(): Token;
  /** Moves on if the next token is the word or mark given; answers whether it was. */
  skip(kind: TokenKind, text?: string): boolean;
  /** The refusal of the next token. */
  unexpected(expected: string): Error;
}

export function readTokens(source: Source): TokenReader {
  const tokens = tokensOf(source);
  const end = tokens.at(-1)!;
  let position = 0;
  const peek = () => tokens[position] ?? end;
  return {
    source,
    peek,
    take: () => tokens[position++] ?? end,
    skip: (kind, text) => {
      const next = peek();
      if (next.kind !== kind || (text !== undefined && next.text !== text)) return false;
      position++;
      return true;
    },
    unexpected: (expected) => {
      const { kind, text, start } = peek();
      const found = kind === "end" ? "the end" : kind === "text" ? `the text ${shown(text)}` : shown(text);
      return refusal(source, start, `found ${found}, expected ${expected}`);
    },
  };
}
