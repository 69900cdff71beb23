import type { Comparison } from "../../store/hot/trial-query.ts";
import type { Token } from "./tokens.ts";

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const names: Readonly<Record<string, number | boolean | null>> = {
  NaN,
  Infinity,
  "+Infinity": Infinity,
  "-Infinity": -Infinity,
  true: true,
  false: false,
  null: null,
};

/**
 * The value that a token stands for. In quotes it is text; without, a number, true, false or null if it reads as one. Workers are
 * always text, so that one may be called 7.
 */
export function literalOf({ kind, text }: Token, field: Comparison["field"]): Comparison["value"] {
  if (kind === "text" || field.kind === "worker") return text;
  // Negative zero is zero: it compares as zero.
  if (decimal.test(text)) return Number(text) + 0;
  const named = Object.hasOwn(names, text) ? names[text] : undefined;
  return named === undefined ? text : named;
}
