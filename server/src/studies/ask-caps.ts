import type { Spending } from "../store/hot/ask.ts";
import type { Plan } from "./ask-plan.ts";
import type { Item } from "./ask-types.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";

interface Open {
  readonly item: Item;
  readonly index: number;
}

/**
 * Bounds what askers with a capped token get by what is left of it, first come first served. Another study may spend from the same
 * token meanwhile: the statement that hands out has the last word.
 *
 * @returns the asks that may get something, and those whose token is spent
 */
export async function withinCaps(
  engine: Engine,
  open: readonly Open[],
): Promise<{ within: readonly Open[]; spent: { index: number; error: StudyError }[] }> {
  const tokens = new Set(open.flatMap(({ item }) => item.options.cappedBy ?? []));
  if (tokens.size === 0) return { within: open, spent: [] };
  const left = new Map(await engine.store.asksLeft([...tokens]));
  const spent: { index: number; error: StudyError }[] = [];
  const within = open.flatMap(({ item, index }): Open[] => {
    const { cappedBy, count } = item.options;
    if (cappedBy === undefined) return [{ item, index }];
    const share = Math.min(count, left.get(cappedBy) ?? 0);
    if (share <= 0) {
      const message = "this token has been handed as many trials as it may: its owner can make another one";
      spent.push({ index, error: new StudyError("TOKEN_ASKS_SPENT", message) });
      return [];
    }
    left.set(cappedBy, (left.get(cappedBy) ?? 0) - share);
    return [{ index, item: { ...item, options: { ...item.options, count: share } } }];
  });
  return { within, spent };
}

/** What a plan takes from each capped token. */
export function spendingOf({ shares }: Plan): Spending[] {
  const counts = new Map<number, number>();
  for (const { item, claims, suggestions } of shares) {
    const { cappedBy } = item.options;
    if (cappedBy === undefined) continue;
    counts.set(cappedBy, (counts.get(cappedBy) ?? 0) + claims.length + suggestions.length);
  }
  return [...counts].map(([tokenId, count]) => ({ tokenId, count }));
}
