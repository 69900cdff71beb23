import type { Objective } from "../history.ts";
import { createCalibratedForecast } from "./calibrated-forecast.ts";
import type { Pruner } from "./pruner.ts";
import { goOn, show, signOf, stop } from "./reports.ts";

export interface CurveOptions {
  /** Stop when the trial ends better than the best with a probability below one minus this. Default 0.95. */
  readonly confidence?: number;
  /** No stop before this step. Default: until four reports and 8 % of the longest completed curve have come. */
  readonly warmupSteps?: number;
}

/** Completed trials to wait for: they say how long curves are, how far apart their ends and how good forecasts are. */
const STARTUP = 5;

/**
 * Stops a trial whose learning curve, extrapolated to the step at which completed trials end, is unlikely to end better
 * than the best of them ended (after Domhan et al., IJCAI 2015, with a closed-form ensemble instead of sampling, and
 * deviations calibrated on the completed trials).
 */
export function createCurvePruner(
  objectives: readonly Objective[],
  { confidence = 0.95, warmupSteps }: CurveOptions = {},
): Pruner {
  const sign = signOf(objectives);
  const { whole, expect } = createCalibratedForecast(sign);
  return {
    decide({ history, curve }) {
      whole.follow(history);
      const step = curve.steps[curve.steps.length - 1];
      if (step === undefined || whole.count < STARTUP || step >= whole.lastStep) return goOn;
      const isWarm = warmupSteps === undefined ? whole.isWarm(curve) : step >= warmupSteps;
      if (!isWarm || !(whole.scale() > 0)) return goOn;
      const { mean, chance } = expect(curve);
      const best = whole.ends.at(0);
      const probability = chance(best);
      if (probability >= 1 - confidence) return goOn;
      return stop(
        `extrapolated to ${show(sign * mean)} at step ${whole.lastStep}: better than the best, ${show(sign * best)}, with a probability of ${show(probability)}`,
      );
    },
  };
}
