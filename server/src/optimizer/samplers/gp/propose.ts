import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point, Suggestion } from "../sampler.ts";
import { type Acquisition, createAcquisition } from "./acquisition.ts";
import { chooseAim } from "./aim.ts";
import { otherBasins } from "./basins.ts";
import { boxAround } from "./box.ts";
import { otherBranch } from "./branches.ts";
import type { Scored } from "./climb.ts";
import { createConfidenceBound } from "./confidence.ts";
import { expectationAt } from "./expectation.ts";
import type { Features } from "./features.ts";
import { createFeasibility, isExpectedToKeep } from "./feasibility.ts";
import type { Fits } from "./fits.ts";
import { limitModels } from "./limit-models.ts";
import { amongObservations, observe } from "./observations.ts";
import { createPosterior } from "./posterior.ts";
import { incumbent, ranking } from "./progress.ts";
import { explain } from "./reason.ts";
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

  const aim = chooseAim(
    {
      space,
      settings,
      objective,
      observed,
      targets,
      best,
      pending: pending.length,
      isConstrained: limits.length > 0,
      isElsewhere: branch !== undefined || isLocal,
    },
    stream,
  );
  const feasibility = createFeasibility(limits, features.numeric);
  const improvementOn = (goal: number | undefined): Acquisition =>
    createAcquisition(objective, goal, aim, feasibility);
  const acquisition = aim.isOptimistic
    ? createConfidenceBound(objective)
    : improvementOn(aim.goal ?? (limits.length === 0 ? 0 : undefined));
  // A box says little about grids and nothing about choices; a model of the neighbourhood knows nothing beyond it.
  const continuous = space.dimensions.filter(({ kind }) => kind === "continuous").length;
  const homing = aim.settled === undefined ? settings.homing : settings.settledHoming;
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
    isHoming && aim.settled !== undefined && best !== undefined
      ? searchBasins({
          first: order[0]!,
          others: () => otherBasins(objective, all, order),
          targets,
          goal: best,
          gain: aim.settled,
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
    reason: explain({
      count: data.numbers.length,
      view,
      aim,
      isFeasible: best !== undefined,
      sources: model.warm === undefined || isLocal ? "" : explainSources(warm, judged),
      branch,
      isAnotherBasin: found.isElsewhere,
    }),
  };
}

/** One of the views, by chance: the better a view orders the good trials, the likelier. */
function chooseView(fits: Fits, history: History, { views, trust }: GpSettings, stream: Stream) {
  const fitted = views.map((view) => ({ view, ...fits.objective(history, view) }));
  const chances = fitted.map(({ view, skill }) => view.weight * Math.exp(trust * skill));
  let rest = stream.uniform() * chances.reduce((sum, chance) => sum + chance, 0);
  return fitted.find((_, i) => (rest -= chances[i]!) < 0) ?? fitted[0]!;
}
