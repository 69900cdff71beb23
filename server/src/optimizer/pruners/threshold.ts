import type { Pruner } from "./pruner.ts";
import { goOn, isFirstInInterval, show, stop } from "./reports.ts";

export interface ThresholdOptions {
  /** Stop below this. Default: no lower bound. */
  readonly lower?: number;
  /** Stop above this. Default: no upper bound. */
  readonly upper?: number;
  /** No stop before this step. Default 0. */
  readonly warmupSteps?: number;
  /** Decide once per this many steps. Default 1. */
  readonly intervalSteps?: number;
}

/** Stops a trial whose newest value is not a number or leaves a range, whichever way the objective goes. */
export function createThresholdPruner(options: ThresholdOptions = {}): Pruner {
  const { lower = -Infinity, upper = Infinity, warmupSteps = 0, intervalSteps = 1 } = options;
  return {
    decide({ curve: { steps, values } }) {
      const step = steps[steps.length - 1];
      const value = values[values.length - 1];
      if (step === undefined || value === undefined || step < warmupSteps) return goOn;
      if (!isFirstInInterval(steps, warmupSteps, intervalSteps)) return goOn;
      if (Number.isNaN(value)) return stop(`the value at step ${step} is not a number`);
      if (value < lower)
        return stop(`value ${show(value)} at step ${step} is below the lower bound ${show(lower)}`);
      if (value > upper)
        return stop(`value ${show(value)} at step ${step} is above the upper bound ${show(upper)}`);
      return goOn;
    },
  };
}
