import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Point } from "../sampler.ts";
import { type Branch, otherBranch } from "./branches.ts";
import type { View } from "./fits.ts";
import type { LogHyperparameters } from "./hyperparameters.ts";
import type { Training } from "./likelihood.ts";
import type { Model } from "./model.ts";
import { amongObservations, type Observations, observe } from "./observations.ts";
import { ranking } from "./progress.ts";
import { neighbourhood, select, trainingOf } from "./training.ts";
import { explainSources, type Judgement } from "./warm/warm-start.ts";
import { warpLosses } from "./warp.ts";

/** Which results a suggestion goes by, and how it looks at them. Positions are among `data`. */
export interface Evidence {
  /** All results. */
  readonly observed: Observations;
  /** Those in question: all of them, or another branch's alone. */
  readonly data: Observations;
  /** One a result in question. */
  readonly targets: Float64Array;
  /** Positions, the most promising first. */
  readonly order: readonly number[];
  /** Those of the branch that the suggestion is for, or of all. */
  readonly promising: readonly number[];
  /** The branch that the suggestion is for, where it is not the best trial's. */
  readonly branch: Branch | undefined;
  /** Whether the model is of the best result's neighbourhood. */
  readonly isLocal: boolean;
  readonly view: View;
  readonly logs: LogHyperparameters;
  /** What earlier studies add; undefined where the suggestion does without. */
  readonly sources: Judgement | undefined;
  /** What earlier studies did, for the suggestion's reason; empty without any. */
  readonly explained: string;
  /** All results in question, and those that the model is conditioned on. */
  readonly all: Training;
  readonly training: Training;
}

/**
 * Draws how a suggestion looks at the results: with or without earlier studies, by which view, for which branch.
 *
 * @param left - trials left of the study's budget; Infinity without one
 */
export function gatherEvidence(
  model: Model,
  history: History,
  fixed: Point | undefined,
  stream: Stream,
  left: number,
): Evidence {
  const { space, features, settings, warm } = model;
  const observed = observe(history, history.ended.length);
  // With so many results of its own a study has no use for others'.
  const isLocal = observed.numbers.length > settings.global;
  const judged = isLocal ? undefined : warm?.judge(history);
  const sources =
    judged !== undefined && stream.fork("sources").uniform() < judged.chance ? judged : undefined;
  const { view, logs } = sources ?? chooseView(model, history, stream);
  const scores = warpLosses(observed.losses, view.warp);
  const ranks = ranking(observed, scores);
  const branch = otherBranch(
    { space, history, observed, targets: scores, order: ranks, fixed, share: settings.branching, left },
    stream.fork("branch"),
  );
  // Beside the best branch's trials those of another are all bad, and how they differ is lost.
  const isApart = branch?.isKnown === true && !isLocal && sources === undefined;
  const data = isApart ? amongObservations(observed, branch.members) : observed;
  const targets = isApart ? warpLosses(data.losses, view.warp) : scores;
  const order = isApart ? ranking(data, targets) : ranks;
  const all = trainingOf(features, history, data.numbers, targets);
  return {
    observed,
    data,
    targets,
    order,
    promising: branch === undefined || isApart ? order : branch.members,
    branch,
    isLocal,
    view,
    logs,
    sources,
    explained: warm === undefined || isLocal ? "" : explainSources(sources, judged),
    all,
    training: isLocal ? select(all, neighbourhood(all, order[0]!, logs.map(Math.exp), settings.local)) : all,
  };
}

/** One of the views, by chance: the better a view orders the good trials, the likelier. */
function chooseView({ fits, settings, wideRanges }: Model, history: History, stream: Stream) {
  const { views, trust } = settings;
  const suitable = views.filter(({ isByRatio }) => isByRatio !== true || wideRanges !== undefined);
  const fitted = suitable.map((view) => ({ view, ...fits.objective(history, view) }));
  const chances = fitted.map(({ view, skill }) => view.weight * Math.exp(trust * skill));
  let rest = stream.uniform() * chances.reduce((sum, chance) => sum + chance, 0);
  return fitted.find((_, i) => (rest -= chances[i]!) < 0) ?? fitted[0]!;
}
