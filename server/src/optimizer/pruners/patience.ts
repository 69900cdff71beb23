import type { Objective } from "../history.ts";
import type { Pruner } from "./pruner.ts";
import { goOn, show, signOf, stop } from "./reports.ts";

export interface PatienceOptions {
  /** Reports without improvement that are allowed. Default 10. */
  readonly patience?: number;
  /** An improvement is better than the best before it by more than this. Default 0. */
  readonly minDelta?: number;
}

/**
 * Stops a trial that has not improved on its own best for more than `patience` reports (early stopping: Prechelt, in
 * Neural Networks: Tricks of the Trade, 1998). NaN is no improvement. It compares a trial with itself alone.
 */
export function createPatiencePruner(
  objectives: readonly Objective[],
  { patience = 10, minDelta = 0 }: PatienceOptions = {},
): Pruner {
  const sign = signOf(objectives);
  return {
    decide({ curve: { steps, values } }) {
      if (values.length <= patience) return goOn;
      let best = Infinity;
      let at = -1;
      for (let i = 0; i < values.length; i++) {
        // Two infinities have no difference; one that is equal is no improvement.
        if (!(sign * values[i]! < best) || !(best === Infinity || best - sign * values[i]! > minDelta))
          continue;
        best = sign * values[i]!;
        at = i;
      }
      const since = values.length - 1 - at;
      if (since <= patience) return goOn;
      if (at < 0) return stop(`no finite value in ${since} reports`);
      return stop(`no improvement on ${show(sign * best)} of step ${steps[at]} in ${since} reports`);
    },
  };
}
