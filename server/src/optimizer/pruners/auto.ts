import type { Objective } from "../history.ts";
import { createPercentilePruner } from "./percentile.ts";
import type { Pruner } from "./pruner.ts";
import { goOn, signOf } from "./reports.ts";
import { createWholeCurves } from "./whole-curves.ts";

/** The median stopping rule with a warm-up that follows from the curves seen. */
export function createAutoPruner(objectives: readonly Objective[]): Pruner {
  const median = createPercentilePruner(objectives, { percentile: 50, minTrials: 3 });
  const whole = createWholeCurves(signOf(objectives));
  return {
    decide(request) {
      whole.follow(request.history);
      return whole.isWarm(request.curve) ? median.decide(request) : goOn;
    },
  };
}
