import { NO_BEST, updateBest } from "../analysis/best.ts";
import type { History, Objective } from "../history.ts";
import type { Pruner } from "./pruner.ts";
import { goOn, show, signOf, stop } from "./reports.ts";
import { signedRankTest } from "./signed-rank.ts";

export interface WilcoxonOptions {
  /** Stop at a one-sided p-value below this. Default 0.1. */
  readonly pThreshold?: number;
  /** Common steps to wait for, at least 2. Default 2. */
  readonly startupSteps?: number;
}

/**
 * Stops a trial whose values are significantly worse than the best trial's at the same steps, by Wilcoxon's signed-rank
 * test. For steps that are repetitions of one measurement (folds, instances, seeds) in any order; it never stops a trial
 * whose mean is not worse, and steps at which either value is not finite do not count.
 */
export function createWilcoxonPruner(
  objectives: readonly Objective[],
  { pThreshold = 0.1, startupSteps = 2 }: WilcoxonOptions = {},
): Pruner {
  const sign = signOf(objectives);
  let seen: History | undefined;
  let best = NO_BEST;
  return {
    decide({ history, curve: { steps, values } }) {
      if (history !== seen || best.position > history.ended.length) best = NO_BEST;
      seen = history;
      best = updateBest(best, history);
      if (best.number < 0) return goOn;
      const rival = history.curve(best.number);
      const differences: number[] = [];
      for (let own = 0, other = 0; own < steps.length && other < rival.steps.length;) {
        const [left, right] = [steps[own]!, rival.steps[other]!];
        if (left === right) {
          const difference = sign * (values[own]! - rival.values[other]!);
          if (Number.isFinite(difference)) differences.push(difference);
        }
        if (left <= right) own++;
        if (right <= left) other++;
      }
      const pairs = differences.length;
      if (pairs < Math.max(2, startupSteps)) return goOn;
      const mean = differences.reduce((sum, difference) => sum + difference, 0) / pairs;
      if (!(mean > 0)) return goOn;
      const p = signedRankTest(differences);
      if (!(p < pThreshold)) return goOn;
      return stop(
        `worse than trial ${best.number} by ${show(mean)} on average of ${pairs} common steps (p = ${show(p)})`,
      );
    },
  };
}
