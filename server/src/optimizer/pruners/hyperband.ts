import type { History, Objective } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { judge } from "./asha.ts";
import { createHalving, type Halving } from "./halving.ts";
import type { Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";
import { followEnded, goOn, isWhole, signOf } from "./reports.ts";

export interface HyperbandOptions {
  /** Step of the lowest rung of the earliest bracket. Default 1. */
  readonly minResource?: number;
  /** Steps of a whole trial. Default: those of the longest completed trial, from 0. */
  readonly maxResource?: number;
  /** Rungs are this many times apart, and one trial in this many goes on. Default 3. */
  readonly reductionFactor?: number;
}

/**
 * Hyperband (Li et al., JMLR 18, 2018) over asynchronous successive halving: brackets whose lowest rungs lie higher and
 * higher, so that trials which start slowly get their chance in some. A trial's bracket follows from its number alone
 * (see bracketOf) and it competes only with trials of the same bracket. Without `maxResource` nothing stops before a
 * trial has completed.
 */
export function createHyperbandPruner(
  objectives: readonly Objective[],
  options: HyperbandOptions = {},
): Pruner {
  const { minResource = 1, maxResource, reductionFactor = 3 } = options;
  const sign = signOf(objectives);
  let longest = 0;
  let brackets: Halving[] = [];
  const open = (resource: number): void => {
    const count = bracketCount(minResource, resource, reductionFactor);
    brackets = Array.from({ length: count }, (_, bracket) =>
      createHalving(minResource * reductionFactor ** bracket, reductionFactor, sign),
    );
  };
  const record = (number: number, curve: Curve): void =>
    brackets[bracketOf(number, brackets.length, reductionFactor)]?.record(number, curve);
  const grow = (history: History, number: number, last: number): void => {
    longest = Math.max(longest, last + 1);
    if (bracketCount(minResource, longest, reductionFactor) === brackets.length) return;
    open(longest);
    for (const earlier of history.ended) {
      if (earlier === number) break;
      record(earlier, history.curve(earlier));
    }
  };
  const follow = followEnded(
    () => {
      longest = 0;
      brackets = [];
      if (maxResource !== undefined) open(maxResource);
    },
    (history, number, curve) => {
      const last = curve.steps[curve.steps.length - 1];
      if (maxResource === undefined && last !== undefined && isWhole(history, number))
        grow(history, number, last);
      record(number, curve);
    },
  );
  return {
    decide({ history, number, curve }) {
      follow(history);
      record(number, curve);
      const halving = brackets[bracketOf(number, brackets.length, reductionFactor)];
      return halving === undefined ? goOn : judge(halving, curve, sign);
    },
    observe({ history, number, curve }) {
      follow(history);
      record(number, curve);
    },
  };
}

/** ⌊log_η(max / min)⌋ + 1, at least 1. */
export function bracketCount(minResource: number, maxResource: number, factor: number): number {
  let count = 1;
  for (let resource = minResource * factor; resource <= maxResource; resource *= factor) count++;
  return count;
}

/**
 * The bracket of a trial among `count`, 0 having the lowest first rung: drawn by a hash of the number with odds
 * ⌈count · η^(count − 1 − b) / (count − b)⌉, which gives all brackets about the same share of the steps.
 */
export function bracketOf(number: number, count: number, factor: number): number {
  if (count <= 1) return 0;
  const odds = Array.from({ length: count }, (_, bracket) =>
    Math.ceil((count * factor ** (count - 1 - bracket)) / (count - bracket)),
  );
  let left = createStream(number, "hyperband").uniform() * odds.reduce((sum, odd) => sum + odd, 0);
  for (let bracket = 0; bracket < count; bracket++) {
    left -= odds[bracket]!;
    if (left < 0) return bracket;
  }
  return count - 1;
}
