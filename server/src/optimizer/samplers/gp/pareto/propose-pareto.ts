import { paretoOrder } from "../../../analysis/pareto-order.ts";
import type { History } from "../../../history.ts";
import type { Stream } from "../../../numerics/stream.ts";
import type { Point, Suggestion } from "../../sampler.ts";
import { observe, type Observations } from "../observations.ts";
import { expectationAt } from "../expectation.ts";
import { createPosterior } from "../posterior.ts";
import { createFeasibility, isExpectedToKeep } from "../feasibility.ts";
import { limitModels } from "../limit-models.ts";
import type { Model } from "../model.ts";
import { search } from "../search.ts";
import { rowsOf, select, trainingOf } from "../training.ts";
import { warpLosses } from "../warp.ts";
import { boxesBeyond } from "./boxes.ts";
import { createExpectedHypervolume } from "./expected-hypervolume.ts";
import { createParetoAcquisition } from "./pareto-acquisition.ts";

/** Objectives up to which the expected hypervolume improvement has a closed form that is cheap. */
export const MOST_OBJECTIVES = 3;

/** More running trials than this do not change a suggestion for what they cost. */
const PENDING = 50;
/** The best trials, by rank: the improvement is measured against them, from a little beyond the worst of them in each objective. */
const BEST = 40;
/** How far beyond, in ranges of the best or, where these are less, in deviations of all. */
const BEYOND = 0.1;
/** Of the best trials so many, drawn by lot, are looked around. */
const GOOD = 6;
/** Climbs: half as many as with one objective, since each step asks several models. */
const STARTS = 4;

/**
 * The point that adds most hypervolume in expectation, by one Gaussian process for each of two or three objectives. Their view is drawn
 * for all of them together: how targets are warped decides which parts of the front count.
 */
export function proposePareto(
  { space, features, fits, settings }: Model,
  history: History,
  stream: Stream,
  fixed: Point | undefined,
): Suggestion {
  // A front of three objectives reaches far into the worse halves, whose ranks would bend it.
  const plain = settings.views.filter(({ warp }) => warp === "plain");
  const views = history.objectives.length > 2 && plain.length > 0 ? plain : settings.views;
  const view = views[stream.integer(views.length)]!;
  const objectives = history.objectives.map((_, j) => {
    const data = observe(history, history.ended.length, j);
    const { logs } = fits.objective(history, view, j);
    const targets = warpLosses(data.losses, view.warp);
    const targetOf = new Map(data.numbers.map((number, i) => [number, targets[i]!]));
    return { data, logs, targets, targetOf, all: trainingOf(features, history, data.numbers, targets) };
  });
  const { data } = objectives[0]!;
  const counting = data.numbers.filter((_, i) => data.counts[i] === true);
  // What counts was told in all objectives.
  const targetsOf = (number: number): readonly number[] =>
    objectives.map(({ targetOf }) => targetOf.get(number)!);
  const best = paretoOrder(counting, targetsOf, Math.min(BEST, counting.length));

  const pending = Array.from(history.pending).slice(-PENDING);
  const believed = rowsOf(features, history, pending);
  const models = objectives.map(({ data: own, all, logs }) => {
    const training =
      all.count > settings.global ? select(all, bestAndOthers(own, best, settings.local)) : all;
    const posterior = createPosterior(training, logs, pending.length);
    const means = new Float64Array(pending.length);
    posterior.predict(believed, pending.length, means, new Float64Array(pending.length));
    posterior.believe(believed, pending.length);
    return { posterior, means };
  });
  const limits = limitModels({ space, features, fits, settings }, history, data, believed, pending.length);

  const reached = best.map(targetsOf);
  const believedTargets = pending
    .map((_, i) => models.map(({ means }) => means[i]!))
    .filter((_, i) => isExpectedToKeep(limits, believed, i, features.width));
  const improvement =
    reached.length > 0 || limits.length === 0
      ? createExpectedHypervolume(
          boxesBeyond([...reached, ...believedTargets], cornerOf(reached, objectives.length)),
        )
      : undefined;
  const posteriors = models.map(({ posterior }) => posterior);
  const starts = best.length > 0 ? best : data.numbers;
  const { point } = search({
    space,
    features,
    acquisition: createParetoAcquisition(
      posteriors,
      improvement,
      createFeasibility(limits, features.numeric),
      features.numeric,
    ),
    good: Array.from({ length: Math.min(GOOD, starts.length) }, () =>
      history.point(starts[stream.integer(starts.length)]!),
    ),
    fixed,
    box: undefined,
    scanned: settings.scanned >> 1,
    starts: STARTS,
    evaluations: settings.evaluations,
    // Ends of fronts lie in corners of the cube, where the same point may come up again and again.
    isNew: (candidate) => history.count(candidate) === 0,
    stream,
  });
  const aim =
    improvement === undefined
      ? "most likely to satisfy the constraints"
      : "highest expected hypervolume improvement";
  const reason = `${aim} by ${objectives.length} Gaussian processes on ${data.numbers.length} trials (${view.prior} lengths, ${view.warp} targets)`;
  const expectations = objectives.map(({ data: own, targets }, j) => ({
    posterior: posteriors[j]!,
    losses: own.losses,
    targets,
  }));
  const expected = expectationAt(features, point, history.objectives, expectations);
  return { point, sampler: "gp", reason, expected };
}

/** The reference of the hypervolume; without any trial that counts, where targets are as bad as two deviations. */
function cornerOf(rows: readonly (readonly number[])[], width: number): number[] {
  return Array.from({ length: width }, (_, j) => {
    if (rows.length === 0) return 2;
    const values = rows.map((row) => row[j]!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return high + BEYOND * Math.max(high - low, 1);
  });
}

/** Positions of at most `most` observations: the best, and evenly in time from the rest. */
function bestAndOthers({ numbers }: Observations, best: readonly number[], most: number): number[] {
  const isBest = new Set(best);
  const rest = numbers.flatMap((number, i) => (isBest.has(number) ? [] : [i]));
  const need = Math.min(rest.length, most - isBest.size);
  const spread = Array.from({ length: need }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / need)]!);
  return [...numbers.flatMap((number, i) => (isBest.has(number) ? [i] : [])), ...spread].sort(
    (a, b) => a - b,
  );
}
