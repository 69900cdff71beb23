import type { History } from "../../../history.ts";
import { createStream } from "../../../numerics/stream.ts";
import type { Source } from "../../../sources.ts";
import type { Space } from "../../../space/space.ts";
import type { Features } from "../features.ts";
import { fitHyperparameters } from "../fit.ts";
import type { Fits, View } from "../fits.ts";
import type { LogHyperparameters } from "../hyperparameters.ts";
import type { Training } from "../likelihood.ts";
import { observe } from "../observations.ts";
import { leaveOneOut } from "../skill.ts";
import { stageOf } from "../stage.ts";
import { representatives, select, trainingOf } from "../training.ts";
import { warpLosses } from "../warp.ts";
import type { MeanFunction } from "./mean-function.ts";
import { resampledMisorderings } from "./misorderings.ts";
import { createSourceModel } from "./source-model.ts";
import { type PriorMean, residualsOf } from "./with-mean.ts";

/** What the sources are worth to a study at a point of its history. */
export interface Judgement {
  /** Chance that a suggestion should begin from the sources; 0 when all of them mislead. */
  readonly chance: number;
  readonly prior: PriorMean;
  /** Of the Gaussian process of the residuals. */
  readonly logs: LogHyperparameters;
  readonly view: View;
  /** Sources in use with their weights, which sum to 1, and how many are left out. */
  readonly used: readonly { readonly name: string; readonly weight: number }[];
  readonly dropped: number;
}

export interface WarmStart {
  /** Undefined while too few trials have ended to judge by, or when no source orders them better than chance. */
  judge(history: History): Judgement | undefined;
}

/** Results to wait for. */
export const FEWEST = 3;
/** Results that judgements are made by, at most. */
const ROWS = 100;
/** A source that orders the results better than the study's own model this rarely misleads. */
const RARELY = 0.25;
/** How results are looked at. */
const VIEW: View = { prior: "scaled", warp: "half-rank" };
/** Prior of the slope: about 1 with the weight of so many results. */
const SLOPE_WEIGHT = 1;
/** Prior of the spread about the mean function, in deviations of the targets, and its weight in results. */
const SPREAD = 0.5;
const SPREAD_WEIGHT = 2;

/**
 * A ranking-weighted ensemble of models of earlier studies (Feurer, Letham and Bakshy, AutoML workshop at ICML 2018, arXiv:1802.02219)
 * as the prior mean of a Gaussian process: it models what is left when the ensemble is stretched to the results so far. Sources that
 * order these worse than the study's own left-out predictions are dropped, so that many useless ones cannot dilute the good.
 *
 * @param startup - results from which the study's own model is used
 */
export function createWarmStart(
  space: Space,
  features: Features,
  fits: Fits,
  sources: readonly Source[],
  startup: number,
): WarmStart {
  const models = new Map<Source, MeanFunction>();
  const modelOf = (source: Source): MeanFunction => {
    const model = models.get(source) ?? createSourceModel(space, features, source);
    models.set(source, model);
    return model;
  };
  let held: { history: History; stage: number; judgement: Judgement | undefined } | undefined;

  const judgeAt = (history: History, stage: number): Judgement | undefined => {
    const { numbers, losses } = observe(history, stage);
    if (numbers.length < FEWEST) return undefined;
    const whole = trainingOf(features, history, numbers, warpLosses(losses, VIEW.warp));
    const training = select(whole, representatives(whole, ROWS));
    const { rows, count, targets } = training;
    const expected = sources.map((source) => modelOf(source).values(rows, count));
    const own = leaveOneOut(training, fits.objective(history, VIEW).logs);
    const stream = createStream(0, "sources", stage);
    const misordered = resampledMisorderings(targets, [own, ...expected], stream);
    // Left-out predictions of very few results order them backwards; knowing nothing is right half of the time.
    const ownShares = misordered[0]!.map((share) => Math.min(share, 0.5));
    const rivals = misordered.slice(1).map((shares) => rateOfBetter(shares, ownShares));
    const kept = sources.flatMap((_, s) => (rivals[s]! >= RARELY ? [s] : []));
    if (kept.length === 0) return undefined;
    const weights = winnings(kept.map((s) => misordered[1 + s]!));
    const mean = mix(
      kept.map((s) => modelOf(sources[s]!)),
      weights,
    );
    const prior = stretch(mean, training);
    if (prior === undefined) return undefined;
    const residual = residualsOf(training, prior);
    const { logs } = fitHyperparameters(residual, VIEW.prior, features);
    return {
      chance: chanceOf(training, residual, prior, logs, ownShares, stage),
      prior,
      logs,
      view: VIEW,
      used: kept.map((s, i) => ({ name: sources[s]!.name, weight: weights[i]! })),
      dropped: sources.length - kept.length,
    };
  };

  /** While the study has no model of its own, certainly; then as often as left-out trials are ordered better this way. */
  const chanceOf = (
    training: Training,
    residual: Training,
    { spread }: PriorMean,
    logs: LogHyperparameters,
    ownShares: readonly number[],
    stage: number,
  ): number => {
    if (training.count < startup) return 1;
    const left = leaveOneOut(residual, logs);
    const predicted = training.targets.map(
      (target, i) => target + spread * (left[i]! - residual.targets[i]!),
    );
    const [shares] = resampledMisorderings(training.targets, [predicted], createStream(0, "sources", stage));
    const rate = rateOfBetter(shares!, ownShares);
    return rate < RARELY ? 0 : rate;
  };

  return {
    judge(history) {
      const stage = stageOf(history.ended.length);
      if (held?.history !== history || held.stage !== stage) {
        held = { history, stage, judgement: judgeAt(history, stage) };
      }
      return held.judgement;
    },
  };
}

/** For a suggestion's reason: which earlier studies it begins from, or why from none. */
export function explainSources(warm: Judgement | undefined, judged: Judgement | undefined): string {
  if (warm === undefined) {
    return judged === undefined || judged.chance === 0
      ? ", without the earlier studies: they order the results no better"
      : ", this time without the earlier studies";
  }
  const names = warm.used.map(({ name, weight }) => `${name} (${Math.round(100 * weight)} %)`);
  const dropped = warm.dropped === 0 ? "" : `; ${warm.dropped} of them left out as misleading`;
  return `, beginning from the earlier studies ${names.join(", ")}${dropped}`;
}

/** How often the first is smaller; draws count half. */
function rateOfBetter(shares: readonly number[], others: readonly number[]): number {
  const points = shares.map((share, b): number => (share < others[b]! ? 1 : share === others[b]! ? 0.5 : 0));
  return points.reduce((sum, point) => sum + point, 0) / shares.length;
}

/** How often each is the smallest; the first ones of equals share. Sums to 1. */
function winnings(shares: readonly (readonly number[])[]): number[] {
  const rounds = shares[0]!.length;
  const weights = shares.map(() => 0);
  for (let b = 0; b < rounds; b++) {
    const least = Math.min(...shares.map((share) => share[b]!));
    const winners = shares.flatMap((share, s) => (share[b] === least ? [s] : []));
    for (const s of winners) weights[s] = weights[s]! + 1 / winners.length / rounds;
  }
  return weights;
}

function mix(functions: readonly MeanFunction[], weights: readonly number[]): MeanFunction {
  return {
    values(rows, count) {
      const sum = new Float64Array(count);
      functions.forEach((mean, s) => {
        if (weights[s]! > 0) mean.values(rows, count).forEach((value, i) => (sum[i]! += weights[s]! * value));
      });
      return sum;
    },
    addSlopes(row, factor, gradient) {
      functions.forEach((mean, s) => {
        if (weights[s]! > 0) mean.addSlopes(row, factor * weights[s]!, gradient);
      });
    },
  };
}

/** The mean function fitted to the targets by least squares with priors; undefined when it would have to be turned round. */
function stretch(mean: MeanFunction, { rows, count, targets }: Training): PriorMean | undefined {
  const values = mean.values(rows, count);
  const middle = values.reduce((sum, value) => sum + value, 0) / count;
  const centre = targets.reduce((sum, target) => sum + target, 0) / count;
  let both = SLOPE_WEIGHT;
  let own = SLOPE_WEIGHT;
  values.forEach((value, i) => {
    both += (value - middle) * (targets[i]! - centre);
    own += (value - middle) ** 2;
  });
  const slope = both / own;
  if (!(slope > 0)) return undefined;
  const offset = centre - slope * middle;
  let squares = SPREAD_WEIGHT * SPREAD ** 2;
  values.forEach((value, i) => (squares += (targets[i]! - offset - slope * value) ** 2));
  return { mean, slope, offset, spread: Math.sqrt(squares / (count + SPREAD_WEIGHT)) };
}
