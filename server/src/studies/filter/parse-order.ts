import type { OrderKey, TrialOrder } from "../../store/hot/trial-query.ts";
import { parseField } from "./field.ts";
import { printField } from "./print.ts";
import { type KnownNames, checkText, refusal } from "./source.ts";
import { readTokens } from "./token-reader.ts";

/** Bounds on an order; so many keys always fit into a page token. */
const orderLimits = { characters: 500, keys: 8 } as const;

/** How trials are listed when nobody asks for another order. */
const defaultOrder: TrialOrder = [{ field: { kind: "number" }, descending: false }];

/**
 * Parses an order such as `values.loss desc, number`.
 *
 * @throws StudyError INVALID_REQUEST that names the place, what is there and what is accepted
 */
export function parseOrderBy(text: string, names: KnownNames): TrialOrder {
  const source = { field: "order_by", text } as const;
  checkText(source, orderLimits.characters);
  if (text.trim() === "") return defaultOrder;
  const tokens = readTokens(source);
  const keys: OrderKey[] = [];
  const seen = new Set<string>();
  do {
    const { start } = tokens.peek();
    const field = parseField(tokens, names);
    const printed = printField(field);
    if (seen.has(printed)) throw refusal(source, start, `${printed} is there twice`);
    seen.add(printed);
    if (seen.size > orderLimits.keys)
      throw refusal(source, start, `at most ${orderLimits.keys} fields are accepted`);
    const descending = tokens.skip("word", "desc");
    if (!descending) tokens.skip("word", "asc");
    keys.push({ field, descending });
  } while (tokens.skip(","));
  if (tokens.peek().kind !== "end") throw tokens.unexpected("asc, desc, a comma or the end");
  // No two trials have one number: what comes behind it decides nothing.
  const number = keys.findIndex(({ field }) => field.kind === "number");
  return number < 0 ? keys : keys.slice(0, number + 1);
}
