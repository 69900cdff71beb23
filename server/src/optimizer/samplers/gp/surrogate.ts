import type { History } from "../../history.ts";
import type { Evidence } from "./evidence.ts";
import { isExpectedToKeep, type Limit } from "./feasibility.ts";
import { limitModels } from "./limit-models.ts";
import type { Model } from "./model.ts";
import { createPosterior, type Posterior } from "./posterior.ts";
import { incumbent } from "./progress.ts";
import { rowsOf } from "./training.ts";
import type { WideRanges } from "./wide-ranges.ts";
import { residualsOf, withMean } from "./warm/with-mean.ts";

/** What stands for the objective and the constraints, given the ended trials and what the running ones are believed to yield. */
export interface Surrogate {
  readonly objective: Posterior;
  readonly limits: readonly Limit[];
  /** The best target, told or believed, that a suggestion is compared with; undefined while no result counts. */
  readonly best: number | undefined;
  /** How many running trials are believed. */
  readonly pending: number;
}

/** More running trials than this do not change a suggestion for what they cost. */
const PENDING = 200;

export function createSurrogate(model: Model, history: History, evidence: Evidence): Surrogate {
  const { features, settings, wideRanges } = model;
  const { observed, data, targets, promising, branch, training } = evidence;
  const pending = Array.from(history.pending).slice(-PENDING);
  const believed = rowsOf(features, history, pending);
  const objective = posteriorOf(evidence, pending.length, features.width, wideRanges);
  const means = new Float64Array(pending.length);
  objective.predict(believed, pending.length, means, new Float64Array(pending.length));
  const limits = limitModels(model, history, observed, believed, pending.length);
  const expected = means.filter((_, i) => isExpectedToKeep(limits, believed, i, features.width));
  const reached = incumbent(objective, training, targets, data, settings.noisy);
  const overall = reached < Infinity ? Math.min(reached, ...expected) : undefined;
  objective.believe(believed, pending.length);
  return {
    objective,
    limits,
    best: branch === undefined || overall === undefined ? overall : targets[promising[0]!]!,
    pending: pending.length,
  };
}

function posteriorOf(
  { training, logs, sources, view }: Evidence,
  spare: number,
  width: number,
  wideRanges: WideRanges | undefined,
): Posterior {
  if (view.isByRatio === true && wideRanges !== undefined) {
    return wideRanges.lift(createPosterior(wideRanges.rescale(training), logs, spare));
  }
  if (sources === undefined) return createPosterior(training, logs, spare);
  const { prior } = sources;
  return withMean(createPosterior(residualsOf(training, prior), logs, spare), prior, width);
}
