import type { History } from "../../history.ts";
import type { Features } from "./features.ts";
import { fitHyperparameters } from "./fit.ts";
import type { LengthPrior, LogHyperparameters } from "./hyperparameters.ts";
import { feasibilityTargets, observe } from "./observations.ts";
import { skillOf } from "./skill.ts";
import { representatives, select, trainingOf } from "./training.ts";
import { type Warp, warpLosses } from "./warp.ts";

/** One way to look at the same results; several of them hedge against a wrong one. */
export interface View {
  readonly prior: LengthPrior;
  readonly warp: Warp;
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
  feasibility(history: History): Fitted;
}

/** More rows than this do not make hyperparameters better by what they cost. */
const ROWS = 160;

/**
 * How many of the ended trials a fit sees: after each of the first ones, then ever more rarely (a twelfth to a sixth of their number
 * apart). By their number alone, so that every replica and every replay fits the same.
 */
export function stageOf(ended: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(ended / 12)));
  return ended - (ended % step);
}

/** Fits on demand; keeps those of the newest stage. */
export function createFits(features: Features): Fits {
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
  ): Fitted => {
    const training = trainingOf(features, history, numbers, targets);
    const chosen = select(training, representatives(training, ROWS));
    const { logs } = fitHyperparameters(chosen, prior);
    return { logs, skill: skillOf(chosen, logs) };
  };
  return {
    objective: (history, { prior, warp }, objective = 0) =>
      keep(history, `${prior} ${warp} ${objective}`, (stage) => {
        const { numbers, losses } = observe(history, stage, objective);
        return fitTo(history, numbers, warpLosses(losses, warp), prior);
      }),
    feasibility: (history) =>
      keep(history, "feasibility", (stage) => {
        const { judged, violations } = observe(history, stage);
        const targets = feasibilityTargets(violations) ?? new Float64Array(judged.length).fill(-1);
        return fitTo(history, judged, targets, "scaled");
      }),
  };
}
