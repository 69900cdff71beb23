import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point, Suggestion } from "../sampler.ts";
import { type Acquisition, createAcquisition } from "./acquisition.ts";
import { otherBasins } from "./basins.ts";
import { boxAround } from "./box.ts";
import { type Branch, otherBranch } from "./branches.ts";
import { type Scored, SMOOTH_CELLS } from "./climb.ts";
import { createConfidenceBound } from "./confidence.ts";
import { expectationAt } from "./expectation.ts";
import type { Features } from "./features.ts";
import { createFeasibility, isExpectedToKeep } from "./feasibility.ts";
import type { Fits, View } from "./fits.ts";
import { limitModels } from "./limit-models.ts";
import { amongObservations, observe, type Observations } from "./observations.ts";
import { createPosterior } from "./posterior.ts";
import { gainOf, incumbent, ranking, stagnation, steepness } from "./progress.ts";
import { doReplicatesDiffer } from "./replicates.ts";
import { searchBasins } from "./search-basins.ts";
import { search } from "./search.ts";
import type { GpSettings } from "./settings.ts";
import { neighbourhood, rowsOf, select, trainingOf } from "./training.ts";
import { warpLosses } from "./warp.ts";
import { explainSources, type WarmStart } from "./warm/warm-start.ts";
import { residualsOf, withMean } from "./warm/with-mean.ts";

/** More running trials than this do not change a suggestion for what they cost. */
const PENDING = 200;
/** Good trials that the search looks around. */
const GOOD = 6;

/** What stays the same from one suggestion of a study to the next. */
export interface Model {
  readonly space: Space;
  readonly features: Features;
  readonly fits: Fits;
  readonly settings: GpSettings;
  /** What earlier studies are worth; undefined without any. */
  readonly warm?: WarmStart | undefined;
}

/** The point where a Gaussian process over the ended and the running trials expects most. */
export function propose(
  model: Model,
  history: History,
  stream: Stream,
  fixed: Point | undefined,
  replicates: number,
): Suggestion {
  const { space, features, fits, settings } = model;
  const observed = observe(history, history.ended.length);
  // With so many results of its own a study has no use for others'.
  const isLocal = observed.numbers.length > settings.global;
  const judged = isLocal ? undefined : model.warm?.judge(history);
  const warm = judged !== undefined && stream.fork("sources").uniform() < judged.chance ? judged : undefined;
  const { view, logs } = warm ?? chooseView(fits, history, settings, stream);
  const scores = warpLosses(observed.losses, view.warp);
  const ranks = ranking(observed, scores);
  const branch = otherBranch(
    { space, history, observed, targets: scores, order: ranks, fixed, share: settings.branching },
    stream.fork("branch"),
  );
  // Beside the best branch's trials those of another are all bad, and how they differ is lost.
  const isApart = branch?.isKnown === true && !isLocal && warm === undefined;
  const data = isApart ? amongObservations(observed, branch.members) : observed;
  const targets = isApart ? warpLosses(data.losses, view.warp) : scores;
  const order = isApart ? ranking(data, targets) : ranks;
  const promising = branch === undefined || isApart ? order : branch.members;
  const all = trainingOf(features, history, data.numbers, targets);
  const training = isLocal
    ? select(all, neighbourhood(all, order[0]!, logs.map(Math.exp), settings.local))
    : all;

  const pending = Array.from(history.pending).slice(-PENDING);
  const believed = rowsOf(features, history, pending);
  const objective =
    warm === undefined
      ? createPosterior(training, logs, pending.length)
      : withMean(
          createPosterior(residualsOf(training, warm.prior), logs, pending.length),
          warm.prior,
          features.width,
        );
  const means = new Float64Array(pending.length);
  objective.predict(believed, pending.length, means, new Float64Array(pending.length));
  const limits = limitModels(model, history, observed, believed, pending.length);
  const expected = means.filter((_, i) => isExpectedToKeep(limits, believed, i, features.width));
  const reached = incumbent(objective, training, targets, data, settings.noisy);
  const overall = reached < Infinity ? Math.min(reached, ...expected) : undefined;
  const best = branch === undefined || overall === undefined ? overall : targets[promising[0]!]!;
  objective.believe(believed, pending.length);

  const continuous = space.dimensions.filter(({ kind }) => kind === "continuous").length;
  // Of what was chosen since the best result, the trials that still run have told nothing.
  const patience = 3 + space.dimensions.length / 2 + pending.length;
  const isDaring = stream.uniform() < settings.daring && stagnation(observed) > patience;
  const daring = isDaring ? 0.3 + stream.uniform() : 0;
  // From choice to choice functions leap, and what a smooth model takes for noise can be gained.
  const leaping = space.dimensions.filter(
    ({ kind, cells }) => kind === "categorical" || (kind === "grid" && cells < SMOOTH_CELLS),
  );
  const leaps = leaping.length / space.dimensions.length;
  // There the best result is an outlier in part, on which it is hard to improve; optimism does not compare with it.
  const isOptimistic = limits.length === 0 && stream.fork("optimism").uniform() < leaps;
  const feasibility = createFeasibility(limits, features.numeric);
  const improvementOn = (goal: number | undefined): Acquisition =>
    createAcquisition(objective, goal, objective.noise * leaps, feasibility);
  // Where the last trials gained only digits that nobody needs, further ones are for other basins. Noise would make basins of its own.
  const gained = gainOf(data);
  const isSettled =
    best !== undefined &&
    gained > 0 &&
    stagnation(data, settings.noticed * gained) > patience &&
    objective.noise <= settings.exact * objective.signal &&
    limits.length === 0 &&
    branch === undefined &&
    !isOptimistic &&
    !isLocal;
  const gain = isSettled ? gained * steepness(data, targets) : 0;
  const goal = best === undefined ? undefined : best - Math.max(daring, settings.worthwhile * gain);
  const acquisition = isOptimistic
    ? createConfidenceBound(objective)
    : improvementOn(goal ?? (limits.length === 0 ? 0 : undefined));
  // A box says little about grids and nothing about choices; a model of the neighbourhood knows nothing beyond it.
  const homing = isSettled ? settings.settledHoming : settings.homing;
  const isHoming = stream.uniform() * space.dimensions.length < homing * continuous || isLocal;
  const width = settings.narrowest * (settings.widest / settings.narrowest) ** stream.uniform();
  const pointOf = (position: number): Point => history.point(data.numbers[position]!);
  // Where results are noise in part, the same point again may teach more than another one. What looks like noise may be roughness, though.
  const mayRepeat = replicates > 1 && Number.isFinite(space.size) && doReplicatesDiffer(all) !== false;
  const most = mayRepeat && objective.noise > settings.noisy * objective.signal ? replicates : 1;
  const common = {
    space,
    features,
    fixed: branch?.fixed ?? fixed,
    scanned: Math.round(settings.scanned * (all.count <= 60 ? 1 : all.count <= 120 ? 0.75 : 0.5)),
    starts: settings.starts,
    evaluations: settings.evaluations,
    // In continuous spaces too: the model may want the same corner again and again.
    isNew: (candidate: Point) => history.count(candidate) < most,
    stream,
  };
  const near = (position: number, towards: Acquisition): Scored => {
    const box = boxAround(features, pointOf(position), logs, width);
    return search({ ...common, acquisition: towards, good: [pointOf(position)], box });
  };
  const anywhere = (): Scored =>
    search({ ...common, acquisition, good: promising.slice(0, GOOD).map(pointOf), box: undefined });
  const found =
    isHoming && isSettled
      ? searchBasins({
          first: order[0]!,
          others: () => otherBasins(objective, all, order),
          targets,
          goal: best,
          gain,
          settings,
          stream: stream.fork("basin"),
          near: (position, own) => near(position, improvementOn(own)),
          anywhere,
        })
      : { ...(isHoming ? near(promising[0]!, acquisition) : anywhere()), isElsewhere: false };
  const { point } = found;
  return {
    point,
    sampler: "gp",
    expected: expectationAt(features, point, history.objectives, [
      { posterior: objective, losses: data.losses, targets },
    ]),
    reason:
      explain(data, view, aimOf(best !== undefined, isOptimistic, isDaring)) +
      (model.warm === undefined || isLocal ? "" : explainSources(warm, judged)) +
      (branch === undefined ? "" : explainBranch(branch)) +
      (found.isElsewhere ? ", near another trial than the best, where little is left to gain" : ""),
  };
}

/** One of the views, by chance: the better a view orders the good trials, the likelier. */
function chooseView(fits: Fits, history: History, { views, trust }: GpSettings, stream: Stream) {
  const fitted = views.map((view) => ({ view, ...fits.objective(history, view) }));
  const chances = fitted.map(({ view, skill }) => view.weight * Math.exp(trust * skill));
  let rest = stream.uniform() * chances.reduce((sum, chance) => sum + chance, 0);
  return fitted.find((_, i) => (rest -= chances[i]!) < 0) ?? fitted[0]!;
}

function explain({ numbers }: Observations, { prior, warp }: View, aim: string): string {
  return `${aim} by a Gaussian process on ${numbers.length} trials (${prior} lengths, ${warp} targets)`;
}

function explainBranch({ idle }: Branch): string {
  const where = ", in another branch than the best trial's";
  return idle > 0 ? `${where}, where ${idle} trials have gained nothing of note` : where;
}

/** What the suggestion is after, in words. */
function aimOf(isFeasible: boolean, isOptimistic: boolean, isDaring: boolean): string {
  if (isOptimistic) return "most promising when judged optimistically";
  if (!isFeasible) return "most likely to satisfy the constraints";
  return isDaring
    ? "most likely to be far better than the best, as results have stopped improving,"
    : "highest expected improvement";
}
