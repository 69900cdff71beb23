import type { History } from "../../history.ts";
import type { Features } from "./features.ts";
import { fitHyperparameters } from "./fit.ts";
import type { LengthPrior, LogHyperparameters } from "./hyperparameters.ts";
import { limitTargets, observeLimit } from "./limits.ts";
import { faultTargets, observe } from "./observations.ts";
import { skillOf } from "./skill.ts";
import { stageOf } from "./stage.ts";
import { representatives, select, trainingOf } from "./training.ts";
import { type Warp, warpLosses } from "./warp.ts";
import type { WideRanges } from "./wide-ranges.ts";

/** One way to look at the same results; several of them hedge against a wrong one. */
export interface View {
  readonly prior: LengthPrior;
  readonly warp: Warp;
  /** Whether wide ranges are on a logarithmic scale. */
  readonly isByRatio?: boolean;
}

/** Weight of a view before its skill counts. */
export type WeightedView = View & { readonly weight: number };

/** A fitted model, and how well it orders good trials (see skillOf). */
export interface Fitted {
  readonly logs: LogHyperparameters;
  readonly skill: number;
}

/** The hyperparameters of a study's models. */
export interface Fits {
  /** Of one of the objectives, the first by default. */
  objective(history: History, view: View, objective?: number): Fitted;
  /** Of what makes trials fail. */
  faults(history: History): Fitted;
  /** Of some of the constraints, taken together. */
  limit(history: History, limit: readonly number[]): Fitted;
}

/** More rows than this do not make hyperparameters better by what they cost. */
const ROWS = 160;

/** Fits on demand; keeps those of the newest stage. */
export function createFits(features: Features, wideRanges?: WideRanges): Fits {
  let owner: History | undefined;
  let ownStage = -1;
  const held = new Map<string, Fitted>();
  const keep = (history: History, key: string, fit: (stage: number) => Fitted): Fitted => {
    const stage = stageOf(history.ended.length);
    if (owner !== history || ownStage !== stage) held.clear();
    owner = history;
    ownStage = stage;
    const fitted = held.get(key) ?? fit(stage);
    held.set(key, fitted);
    return fitted;
  };
  const fitTo = (
    history: History,
    numbers: readonly number[],
    targets: Float64Array,
    prior: LengthPrior,
    isByRatio = false,
  ): Fitted => {
    const given = trainingOf(features, history, numbers, targets);
    const training = isByRatio && wideRanges !== undefined ? wideRanges.rescale(given) : given;
    const chosen = select(training, representatives(training, ROWS));
    const { logs } = fitHyperparameters(chosen, prior, features);
    return { logs, skill: skillOf(chosen, logs) };
  };
  return {
    objective: (history, { prior, warp, isByRatio = false }, objective = 0) =>
      keep(history, `${prior} ${warp} ${isByRatio} ${objective}`, (stage) => {
        const { numbers, losses } = observe(history, stage, objective);
        return fitTo(history, numbers, warpLosses(losses, warp), prior, isByRatio);
      }),
    faults: (history) =>
      keep(history, "faults", (stage) => {
        const { judged, faults } = observe(history, stage);
        const targets = faultTargets(faults) ?? new Float64Array(judged.length).fill(-1);
        return fitTo(history, judged, targets, "scaled");
      }),
    limit: (history, limit) =>
      keep(history, `limit ${limit.join()}`, (stage) => {
        const { numbers, values } = observeLimit(history, stage, limit);
        const targets = limitTargets(values)?.targets ?? new Float64Array(numbers.length);
        return fitTo(history, numbers, targets, "scaled");
      }),
  };
}
