import type { History } from "../../history.ts";
import type { Limit } from "./feasibility.ts";
import type { LogHyperparameters } from "./hyperparameters.ts";
import { limitsOf, limitTargets, observeLimit } from "./limits.ts";
import { faultTargets, type Observations } from "./observations.ts";
import { createPosterior } from "./posterior.ts";
import type { Model } from "./model.ts";
import { representatives, select, trainingOf } from "./training.ts";

/**
 * What tells feasible from infeasible places: a model of each constraint's excess (Gardner et al., ICML 2014; Gelbart et al., UAI
 * 2014) and, once there is something to tell apart, one of all that makes trials fail otherwise. All of them believe the running trials, whose
 * rows of features are given.
 */
export function limitModels(
  { features, fits, settings }: Model,
  history: History,
  { judged, faults }: Observations,
  believed: Float64Array,
  pending: number,
): Limit[] {
  const limits: Limit[] = [];
  const add = (
    numbers: readonly number[],
    targets: Float64Array,
    logs: LogHyperparameters,
    threshold: number,
  ): void => {
    const all = trainingOf(features, history, numbers, targets);
    const training = all.count > settings.global ? select(all, representatives(all, settings.local)) : all;
    const model = createPosterior(training, logs, pending);
    model.believe(believed, pending);
    limits.push({ model, threshold });
  };
  for (const limit of limitsOf(history)) {
    const { numbers, values } = observeLimit(history, history.ended.length, limit);
    const known = limitTargets(values);
    if (known === undefined) continue;
    add(numbers, known.targets, fits.limit(history, limit).logs, known.threshold);
  }
  const labels = faultTargets(faults);
  if (labels !== undefined) add(judged, labels, fits.faults(history).logs, 0);
  return limits;
}
