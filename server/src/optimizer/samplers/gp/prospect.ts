import type { Observations } from "./observations.ts";

/** Trials per parameter that may be enough to come from bad ones to the best. */
const ENOUGH = 7;

/** Trials with the same parameters, which others of a study have overtaken. */
export interface Prospect {
  /** Positions among the observations, in any order. */
  readonly members: readonly number[];
  /** How many parameters they have. */
  readonly size: number;
  /** The loss that they have to reach. */
  readonly goal: number;
  /** How many further trials they may have; Infinity where nobody knows. */
  readonly left: number;
}

/**
 * Whether trials may still reach a goal: if they come to be enough to search their parameters with, however bad they are yet, else at the
 * pace at which the newer half of them has gained on the older. A search finds ever less, so that this is rather more than it keeps up
 * (rising bandits: Li et al., AAAI 2020). True as well where nothing is known of the pace.
 */
export function mayCatchUp(
  { losses, counts }: Observations,
  { members, size, goal, left }: Prospect,
): boolean {
  if (members.length <= size || members.length + left >= ENOUGH * size) return true;
  const found = members.toSorted((a, b) => a - b).map((i) => (counts[i] === true ? losses[i]! : Infinity));
  const half = found.length >> 1;
  const before = Math.min(...found.slice(0, half));
  const now = Math.min(before, ...found.slice(half));
  return before === Infinity || now - ((before - now) / (found.length - half)) * left <= goal;
}
