import type { Objective } from "../history.ts";
import { judge } from "./asha.ts";
import { createHalving, type Halving } from "./halving.ts";
import type { PruneDecision, Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";
import { followEnded, goOn, show, signOf, stop } from "./reports.ts";
import { createSoftRanking } from "./soft-ranking.ts";

export interface PashaOptions {
  /** Step of the lowest rung. Default 1. */
  readonly minResource?: number;
  /** Rungs are this many times apart, and one trial in this many goes on. Default 3. */
  readonly reductionFactor?: number;
}

/**
 * Progressive successive halving (PASHA: Bohdal et al., ICLR 2023, arXiv:2207.06940), stopping variant: successive halving
 * whose top rung begins at minResource · η and moves up only while the two highest rungs rank their trials differently,
 * beyond what noise explains. A trial that reaches the top rung when the ranking is settled stops there, unless it is the
 * best so far: that one trains on, since a stopped trial cannot be resumed.
 */
export function createPashaPruner(
  objectives: readonly Objective[],
  { minResource = 1, reductionFactor = 3 }: PashaOptions = {},
): Pruner {
  const sign = signOf(objectives);
  let halving: Halving = createHalving(minResource, reductionFactor, sign);
  let ranking = createSoftRanking(sign);
  let top = 1;

  const record = (number: number, curve: Curve): void => {
    halving.record(number, curve);
    while (halving.rung(top).byTrial.has(number)) {
      ranking.add(number, curve, halving.rung(top).step);
      if (ranking.isStable(halving.rung(top - 1).byTrial, halving.rung(top).byTrial)) return;
      top++;
      ranking = createSoftRanking(sign);
    }
  };
  const follow = followEnded(
    () => {
      halving = createHalving(minResource, reductionFactor, sign);
      ranking = createSoftRanking(sign);
      top = 1;
    },
    (_history, number, curve) => record(number, curve),
  );
  return {
    decide({ history, number, curve }): PruneDecision {
      follow(history);
      record(number, curve);
      const rungs = halving.reached(curve);
      const highest = rungs[rungs.length - 1];
      if (highest === undefined || highest.index > top) return goOn;
      const verdict = judge(halving, curve, sign);
      if (verdict.stop || highest.index < top) return verdict;
      const value = sign * (curve.values[curve.values.length - 1] ?? NaN);
      if (value <= highest.numbers.at(0)) return goOn;
      return stop(
        `value ${show(sign * value)} at step ${curve.steps[curve.steps.length - 1]} is not the best, and the ranking is settled at this step`,
      );
    },
    observe({ history, number, curve }) {
      follow(history);
      record(number, curve);
    },
  };
}
