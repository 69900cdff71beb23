import type { Observations } from "./observations.ts";

/** Results of the beginning of a study, whose middle says what is easily reached. */
const FIRST = 10;
/** A gain of note is more than this share of the way from that middle to the best result. */
const NOTE = 0.05;

/**
 * How many of some trials have ended since one of them last gained something of note: the search there refines what is found, or has
 * come to its end. 0 while no result counts.
 *
 * @param members - positions among the observations, in any order
 */
export function idleness({ losses, counts }: Observations, members: readonly number[]): number {
  const counted = losses.filter((loss, i) => counts[i] === true && Number.isFinite(loss));
  const first = counted.slice(0, FIRST).sort();
  const best = counted.reduce((least, loss) => Math.min(least, loss), Infinity);
  if (best === Infinity) return 0;
  const step = NOTE * (first[first.length >> 1]! - best);
  let reached = Infinity;
  let idle = 0;
  for (const i of members.toSorted((a, b) => a - b)) {
    idle++;
    if (counts[i] !== true || !(losses[i]! < reached - step)) continue;
    reached = losses[i]!;
    idle = 0;
  }
  return idle;
}
