import type { History, Objective } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point, Sampler, Suggestion } from "../sampler.ts";
import { createSequence } from "../sobol.ts";
import { createTpeSampler } from "../tpe/tpe.ts";
import { createAcquisition } from "./acquisition.ts";
import type { Box } from "./candidates.ts";
import { createFeatures, type Features } from "./features.ts";
import { createFits, type Fits, type View, type WeightedView } from "./fits.ts";
import type { Training } from "./likelihood.ts";
import { type Observations, feasibilityTargets, observe } from "./observations.ts";
import { createPosterior, type Posterior } from "./posterior.ts";
import { search } from "./search.ts";
import { byTarget, neighbourhood, rowsOf, select, trainingOf } from "./training.ts";
import { warpLosses } from "./warp.ts";

export interface GpOptions {
  /** Ended trials to wait for; a Sobol sequence until then. Default: one more than parameters, from 5 to 10. */
  readonly startupTrials?: number | undefined;
}

/** What was settled by experiment. */
export interface GpSettings {
  readonly views: readonly WeightedView[];
  /** By how much a view's skill raises its chance: e^trust from a skill of 0 to one of 1. */
  readonly trust: number;
  /** Noise over signal variance from which the best result is not trusted. */
  readonly noisy: number;
  /** Chance, when results no longer improve, that a suggestion aims well below the best one. */
  readonly daring: number;
  /** Chance that a suggestion keeps to a box around the best trial, and the range of the box's width. */
  readonly homing: number;
  readonly narrowest: number;
  readonly widest: number;
  /** Points scanned while there are few trials, and climbs. */
  readonly scanned: number;
  readonly starts: number;
  readonly evaluations: number;
  /** Trials up to which all enter the model, and how many do beyond. */
  readonly global: number;
  readonly local: number;
}

export const SETTINGS: GpSettings = {
  views: [
    { prior: "scaled", warp: "half-rank", weight: 2 },
    { prior: "unit", warp: "plain", weight: 1 },
  ],
  trust: 15,
  noisy: 0.1,
  daring: 0.4,
  homing: 0.3,
  narrowest: 0.05,
  widest: 0.5,
  scanned: 1024,
  starts: 8,
  evaluations: 24,
  global: 500,
  local: 256,
};

/** More running trials than this do not change a suggestion for what they cost. */
const PENDING = 200;

/** Bayesian optimisation by a Gaussian process (see the files beside this one for its parts and their sources). */
export function createGpSampler(
  space: Space,
  objectives: readonly Objective[],
  { startupTrials }: GpOptions = {},
  settings: GpSettings = SETTINGS,
): Sampler {
  const startup = Math.max(1, startupTrials ?? Math.min(10, Math.max(5, space.dimensions.length + 1)));
  const features = createFeatures(space);
  const sequence = createSequence(space);
  const fits = createFits(features);
  const several = objectives.length > 1 ? createTpeSampler(space, objectives) : undefined;
  return {
    suggest(request) {
      if (several !== undefined) return several.suggest(request);
      const { history, number, stream, seed, fixed } = request;
      const data = observe(history, history.ended.length);
      const known = data.numbers.length;
      if (known < startup || features.width === 0) {
        const reason = `a point of a scrambled Sobol sequence: ${known} of the ${startup} trials that the model waits for have ended`;
        return { point: placeAt(space, sequence(seed, number), fixed), sampler: "sobol", reason };
      }
      return fromModel(space, features, fits, history, data, settings, stream, fixed);
    },
  };
}

function fromModel(
  space: Space,
  features: Features,
  fits: Fits,
  history: History,
  data: Observations,
  settings: GpSettings,
  stream: Stream,
  fixed: Point | undefined,
): Suggestion {
  const { view, logs } = chooseView(fits, history, settings, stream);
  const targets = warpLosses(data.losses, view.warp);
  const all = trainingOf(features, history, data.numbers, targets);
  const picks =
    all.count <= settings.global ? undefined : neighbourhood(all, logs.map(Math.exp), settings.local);
  const training = picks === undefined ? all : select(all, picks);

  const pending = Array.from(history.pending).slice(-PENDING);
  const believed = rowsOf(features, history, pending);
  const objective = createPosterior(training, logs, pending.length);
  let best = incumbent(objective, training, targets, data, settings.noisy);
  const means = new Float64Array(pending.length);
  objective.predict(believed, pending.length, means, new Float64Array(pending.length));
  if (best < Infinity) best = Math.min(best, ...means);
  objective.believe(believed, pending.length);

  const labels = feasibilityTargets(data.violations);
  const judged = labels && trainingOf(features, history, data.judged, labels);
  const chosen =
    judged &&
    (judged.count <= settings.global
      ? judged
      : select(
          judged,
          judged.targets.length > 0 ? neighbourhood(judged, logs.map(Math.exp), settings.local) : [],
        ));
  const feasibility = chosen && createPosterior(chosen, fits.feasibility(history).logs, pending.length);
  feasibility?.believe(believed, pending.length);

  const isStuck = stagnation(data) > 3 + space.dimensions.length / 2;
  const isDaring = stream.uniform() < settings.daring && isStuck;
  const goal = best - (isDaring ? 0.3 + stream.uniform() : 0);
  const acquisition = createAcquisition(
    objective,
    best < Infinity ? goal : feasibility === undefined ? 0 : undefined,
    feasibility,
    features.numeric,
  );
  const good = byTarget(targets)
    .slice(0, 6)
    .map((i) => history.point(data.numbers[i]!));
  // A box says little about grids and nothing about choices.
  const continuous = space.dimensions.filter(({ kind }) => kind === "continuous").length;
  // A model of the neighbourhood knows nothing beyond it.
  const isHoming =
    picks !== undefined || stream.uniform() * space.dimensions.length < settings.homing * continuous;
  const boxWidth = settings.narrowest * (settings.widest / settings.narrowest) ** stream.uniform();
  const box = isHoming ? boxAround(features, good[0]!, logs, boxWidth) : undefined;
  const isFinite = Number.isFinite(space.size);
  const share = all.count <= 60 ? 1 : all.count <= 120 ? 0.75 : 0.5;
  const { point } = search({
    space,
    features,
    acquisition,
    good: isHoming ? good.slice(0, 1) : good,
    fixed,
    box,
    scanned: Math.round(settings.scanned * share),
    starts: settings.starts,
    evaluations: settings.evaluations,
    isNew: (candidate) => !isFinite || history.count(candidate) === 0,
    stream,
  });
  return { point, sampler: "gp", reason: explain(data, view, isDaring, best) };
}

/**
 * The target to improve on: the best result, or, where results are noisy, the lowest mean at a result, since the best of many
 * noisy results was lucky. Infinity when no result counts.
 */
function incumbent(
  model: Posterior,
  training: Training,
  targets: Float64Array,
  { counts }: Observations,
  noisy: number,
): number {
  const isNoisy = model.noise > noisy * model.signal && training.count === targets.length;
  const values = isNoisy ? new Float64Array(targets.length) : targets;
  if (isNoisy) model.predict(training.rows, training.count, values, new Float64Array(targets.length));
  return values.reduce((least, value, i) => (counts[i] === true ? Math.min(least, value) : least), Infinity);
}

/** One of the views, by chance: the better a view orders the good trials, the likelier. */
function chooseView(fits: Fits, history: History, { views, trust }: GpSettings, stream: Stream) {
  const fitted = views.map((view) => ({ view, ...fits.objective(history, view) }));
  const chances = fitted.map(({ view, skill }) => view.weight * Math.exp(trust * skill));
  let rest = stream.uniform() * chances.reduce((sum, chance) => sum + chance, 0);
  return fitted.find((_, i) => (rest -= chances[i]!) < 0) ?? fitted[0]!;
}

/**
 * A box about a point, of this width in the geometric mean, wider where the model is smoother (TuRBO: Eriksson et al., NeurIPS
 * 2019, arXiv:1910.01739). Dimensions without a numeric feature are not bounded.
 */
function boxAround(features: Features, centre: Point, logs: Float64Array, width: number): Box {
  const lower = new Float64Array(centre.length);
  const upper = new Float64Array(centre.length).fill(1);
  let mean = 0;
  for (let k = 0; k < features.numeric; k++) mean += Math.min(1, logs[k]!) / features.numeric;
  features.dimensions.forEach((index, k) => {
    const middle = Number.isNaN(centre[index]!) ? 0.5 : centre[index]!;
    const half = 0.5 * width * Math.exp(Math.min(1, logs[k]!) - mean);
    lower[index] = Math.max(0, middle - half);
    upper[index] = Math.min(1, middle + half);
  });
  return { lower, upper };
}

function explain({ numbers }: Observations, { prior, warp }: View, isDaring: boolean, best: number): string {
  const aim = !(best < Infinity)
    ? "most likely to satisfy the constraints"
    : isDaring
      ? "most likely to be far better than the best, as results have stopped improving,"
      : "highest expected improvement";
  return `${aim} by a Gaussian process on ${numbers.length} trials (${prior} lengths, ${warp} targets)`;
}

/** How many trials have ended since the best one. */
function stagnation({ losses, counts }: Observations): number {
  let best = Infinity;
  let since = 0;
  losses.forEach((loss, i) => {
    since++;
    if (counts[i] !== true || !(loss < best)) return;
    best = loss;
    since = 0;
  });
  return since;
}
