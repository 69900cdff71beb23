import type { History, Objective } from "../history.ts";
import { createSortedNumbers, type SortedNumbers } from "../numerics/sorted-numbers.ts";
import type { Curve, Pruner } from "./pruner.ts";

export interface MedianOptions {
  /** Completed trials to wait for. Default 5. */
  readonly startupTrials?: number;
  /**
   * No stop before this step. `auto` waits for more than 3 reports and 8 % of the longest completed curve: on real
   * learning curves the order after one epoch says nothing about the end, after four it does. Default 0.
   */
  readonly warmupSteps?: number | "auto";
  /** Decide once per this many steps. Default 1. */
  readonly intervalSteps?: number;
  /** Completed trials that must have reported the step. Default 1. */
  readonly minTrials?: number;
}

/**
 * The median stopping rule (Golovin et al., KDD 2017, section 3.2.2): stop a trial whose best value so far is worse
 * than the median of the completed trials' values at the same step. A trial that reported only NaN stops too.
 */
export function createMedianPruner(objectives: readonly Objective[], options: MedianOptions = {}): Pruner {
  const { startupTrials = 5, warmupSteps = 0, intervalSteps = 1, minTrials = 1 } = options;
  const sign = objectives[0]?.goal === "maximize" ? -1 : 1;
  const followed = createFollower(sign);
  const isWarm = (curve: Curve, longest: number): boolean =>
    warmupSteps === "auto"
      ? curve.steps.length > Math.max(3, 0.08 * longest)
      : curve.steps[curve.steps.length - 1]! >= warmupSteps;

  return {
    decide({ history, curve }) {
      const go = { stop: false, reason: "" };
      const { atStep, completed, longest } = followed(history);
      const step = curve.steps[curve.steps.length - 1];
      if (step === undefined || completed < startupTrials || !isWarm(curve, longest)) return go;
      if (!isFirstInInterval(curve.steps, warmupSteps === "auto" ? 0 : warmupSteps, intervalSteps)) return go;
      const others = atStep.get(step);
      if (others === undefined || others.length < Math.max(1, minTrials)) return go;
      const best = bestOf(curve.values, sign);
      if (best === Infinity && !hasNumber(curve.values)) {
        return { stop: true, reason: `no number among the values reported up to step ${step}` };
      }
      const median = others.quantile(0.5);
      if (best <= median) return go;
      const reason = `best value ${show(sign * best)} up to step ${step} is worse than the median ${show(sign * median)} of ${others.length} completed trials`;
      return { stop: true, reason };
    },
  };
}

/** What the completed trials reported, minimised: brought up to date with the history at each call. */
function createFollower(sign: 1 | -1) {
  let seen: History | undefined;
  let position = 0;
  let completed = 0;
  let longest = 0;
  let atStep = new Map<number, SortedNumbers>();
  return (history: History) => {
    if (history !== seen || position > history.ended.length) {
      [seen, position, completed, longest, atStep] = [history, 0, 0, 0, new Map()];
    }
    const { ended } = history;
    for (; position < ended.length; position++) {
      const number = ended[position]!;
      // An infeasible trial ran to its end as well: its curve is as good as any.
      const outcome = history.outcome(number);
      if (outcome !== "completed" && outcome !== "infeasible") continue;
      const { steps, values } = history.curve(number);
      completed++;
      longest = Math.max(longest, steps.length);
      for (let i = 0; i < steps.length; i++) {
        if (Number.isNaN(values[i]!)) continue;
        const numbers = atStep.get(steps[i]!) ?? createSortedNumbers();
        atStep.set(steps[i]!, numbers);
        numbers.insert(sign * values[i]!);
      }
    }
    return { atStep, completed, longest };
  };
}

/** Whether no earlier report fell into the interval of the newest one; intervals start at the warm-up step. */
function isFirstInInterval(steps: ArrayLike<number>, warmupSteps: number, intervalSteps: number): boolean {
  const step = steps[steps.length - 1]!;
  const previous = steps[steps.length - 2] ?? -Infinity;
  return previous < Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
}

function hasNumber(values: ArrayLike<number>): boolean {
  return Array.prototype.some.call(values, (value: number) => !Number.isNaN(value));
}

function bestOf(values: ArrayLike<number>, sign: number): number {
  let best = Infinity;
  for (let i = 0; i < values.length; i++) if (sign * values[i]! < best) best = sign * values[i]!;
  return best;
}

const show = (value: number): string => String(Number(value.toPrecision(4)));
