import type { Objective } from "../history.ts";
import { createSortedNumbers, type SortedNumbers } from "../numerics/sorted-numbers.ts";
import type { Pruner } from "./pruner.ts";
import { bestOf, followEnded, goOn, isFirstInInterval, isWhole, show, signOf, stop } from "./reports.ts";

export interface PercentileOptions {
  /** The best share of trials, in percent, that a trial must be among. Default 25. */
  readonly percentile?: number;
  /** Completed trials to wait for. Default 5. */
  readonly startupTrials?: number;
  /** No stop before this step. Default 0. */
  readonly warmupSteps?: number;
  /** Decide once per this many steps. Default 1. */
  readonly intervalSteps?: number;
  /** Completed trials that must have reported the step. Default 1. */
  readonly minTrials?: number;
}

/**
 * Stops a trial whose best value so far is worse than a percentile of the completed trials' values at the same step:
 * the median stopping rule (Golovin et al., KDD 2017, section 3.2.2) with another percentile. A trial that reported
 * only NaN stops too.
 */
export function createPercentilePruner(
  objectives: readonly Objective[],
  options: PercentileOptions = {},
): Pruner {
  const { percentile = 25, startupTrials = 5, warmupSteps = 0, intervalSteps = 1, minTrials = 1 } = options;
  const sign = signOf(objectives);
  const name = percentile === 50 ? "median" : `${show(percentile)}th percentile`;
  let completed = 0;
  let atStep = new Map<number, SortedNumbers>();
  const follow = followEnded(
    () => {
      completed = 0;
      atStep = new Map();
    },
    (history, number, { steps, values }) => {
      if (!isWhole(history, number)) return;
      completed++;
      for (let i = 0; i < steps.length; i++) {
        if (Number.isNaN(values[i]!)) continue;
        const numbers = atStep.get(steps[i]!) ?? createSortedNumbers();
        atStep.set(steps[i]!, numbers);
        numbers.insert(sign * values[i]!);
      }
    },
  );

  return {
    decide({ history, curve }) {
      follow(history);
      const step = curve.steps[curve.steps.length - 1];
      if (step === undefined || completed < startupTrials || step < warmupSteps) return goOn;
      if (!isFirstInInterval(curve.steps, warmupSteps, intervalSteps)) return goOn;
      const others = atStep.get(step);
      if (others === undefined || others.length < Math.max(1, minTrials)) return goOn;
      const best = bestOf(curve.values, sign);
      if (Number.isNaN(best)) return stop(`no number among the values reported up to step ${step}`);
      const bound = others.quantile(percentile / 100);
      if (best <= bound) return goOn;
      return stop(
        `best value ${show(sign * best)} up to step ${step} is worse than the ${name} ${show(sign * bound)} of ${others.length} completed trials`,
      );
    },
  };
}
