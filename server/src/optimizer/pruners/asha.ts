import type { Objective } from "../history.ts";
import { createHalving, type Halving } from "./halving.ts";
import type { PruneDecision, Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";
import { followEnded, goOn, isWhole, show, signOf, stop } from "./reports.ts";

export interface AshaOptions {
  /** Step of the lowest rung. Default: a hundredth of the last step of the longest completed trial, at least 1. */
  readonly minResource?: number;
  /** Rungs are this many times apart, and one trial in this many goes on. Default 4. */
  readonly reductionFactor?: number;
  /** Rungs left out at the beginning. Default 0. */
  readonly minEarlyStoppingRate?: number;
}

/**
 * Asynchronous successive halving, stopping variant (Li et al., MLSys 2020; arXiv:1810.05934): at each rung a trial goes
 * on if it is among the best 1/η of all trials that have come so far, whatever has become of them. Without `minResource`
 * nothing stops before a trial has completed.
 */
export function createAshaPruner(objectives: readonly Objective[], options: AshaOptions = {}): Pruner {
  const { minResource, reductionFactor = 4, minEarlyStoppingRate = 0 } = options;
  const sign = signOf(objectives);
  const open = (resource: number): Halving =>
    createHalving(resource * reductionFactor ** minEarlyStoppingRate, reductionFactor, sign);
  if (minResource !== undefined) return createRungPruner(() => open(minResource), sign, false);
  return createRungPruner(
    (longest) => (longest === 0 ? undefined : open(Math.max(1, Math.floor(longest / 100)))),
    sign,
    true,
  );
}

/**
 * @param open - the rungs for studies whose longest completed trial has this last step, 0 while none has
 * @param grows - whether they are made anew, and filled from the history, when that grows by more than half. Rungs that stay keep what running
 * trials have reached, which the history does not have.
 */
function createRungPruner(
  open: (longest: number) => Halving | undefined,
  sign: 1 | -1,
  grows: boolean,
): Pruner {
  let longest = 0;
  let openedFor = 0;
  let halving: Halving | undefined;
  const follow = followEnded(
    () => {
      longest = openedFor = 0;
      halving = open(0);
    },
    (history, number, curve) => {
      if (isWhole(history, number)) longest = Math.max(longest, curve.steps[curve.steps.length - 1] ?? 0);
      if (grows && longest > 1.5 * openedFor) {
        openedFor = longest;
        halving = open(longest);
        for (const earlier of history.ended) {
          if (earlier === number) break;
          halving?.record(earlier, history.curve(earlier));
        }
      }
      halving?.record(number, curve);
    },
  );
  return {
    decide({ history, number, curve }) {
      follow(history);
      halving?.record(number, curve);
      return halving === undefined ? goOn : judge(halving, curve, sign);
    },
    observe({ history, number, curve }) {
      follow(history);
      halving?.record(number, curve);
    },
  };
}

/** The verdict on a trial whose values are recorded. */
export function judge(halving: Halving, { steps, values }: Curve, sign: 1 | -1): PruneDecision {
  const step = steps[steps.length - 1];
  const value = sign * (values[values.length - 1] ?? NaN);
  for (const rung of halving.reached({ steps, values })) {
    if (Number.isNaN(value)) return stop(`the value at step ${step} is not a number`);
    if (halving.isTop(rung, value)) continue;
    return stop(
      `value ${show(sign * value)} at step ${step} is not among the best of ${rung.numbers.length} trials at rung ${rung.index + 1}`,
    );
  }
  return goOn;
}
