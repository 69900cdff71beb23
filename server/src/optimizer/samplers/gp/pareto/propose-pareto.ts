import type { History } from "../../../history.ts";
import type { Stream } from "../../../numerics/stream.ts";
import type { Point, Suggestion } from "../../sampler.ts";
import { expectationAt } from "../expectation.ts";
import { createFeasibility, isExpectedToKeep } from "../feasibility.ts";
import type { View } from "../fits.ts";
import { limitModels } from "../limit-models.ts";
import type { Model } from "../model.ts";
import { createPosterior, type Posterior } from "../posterior.ts";
import { search } from "../search.ts";
import type { GpSettings } from "../settings.ts";
import { rowsOf, select } from "../training.ts";
import { boxesBeyond } from "./boxes.ts";
import { createExpectedHypervolume } from "./expected-hypervolume.ts";
import { bestAndOthers, type Observed, observeFront } from "./front.ts";
import { createParetoAcquisition } from "./pareto-acquisition.ts";

/** Objectives up to which the expected hypervolume improvement has a closed form that is cheap. */
export const MOST_OBJECTIVES = 3;

/** More running trials than this do not change a suggestion for what they cost. */
const PENDING = 50;
/**
 * The improvement is measured from a little beyond the worst of the best trials in each objective: by so many ranges of the best or, where
 * these are less, deviations of all.
 */
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
  model: Model,
  history: History,
  stream: Stream,
  fixed: Point | undefined,
): Suggestion {
  const { space, features, settings } = model;
  const view = drawView(settings, history.objectives.length, stream);
  const front = observeFront(model, history, view);
  const { objectives, data, best, targetsOf } = front;

  const pending = Array.from(history.pending).slice(-PENDING);
  const believed = rowsOf(features, history, pending);
  const models = objectives.map((objective) => {
    const posterior = posteriorOf(objective, best, settings, pending.length);
    const means = new Float64Array(pending.length);
    posterior.predict(believed, pending.length, means, new Float64Array(pending.length));
    posterior.believe(believed, pending.length);
    return { posterior, means };
  });
  const posteriors = models.map(({ posterior }) => posterior);
  const limits = limitModels(model, history, data, believed, pending.length);

  const reached = best.map(targetsOf);
  const believedTargets = pending
    .map((_, i) => models.map(({ means }) => means[i]!))
    .filter((_, i) => isExpectedToKeep(limits, believed, i, features.width));
  const isFeasible = reached.length > 0 || limits.length === 0;
  const corner = cornerOf(reached, objectives.length);
  const improvement = isFeasible
    ? createExpectedHypervolume(boxesBeyond([...reached, ...believedTargets], corner))
    : undefined;
  const feasibility = createFeasibility(limits, features.numeric);
  const starts = best.length > 0 ? best : data.numbers;
  const { point } = search({
    space,
    features,
    acquisition: createParetoAcquisition(posteriors, improvement, feasibility, features.numeric),
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
  const aim = isFeasible
    ? "highest expected hypervolume improvement"
    : "most likely to satisfy the constraints";
  const reason = `${aim} by ${objectives.length} Gaussian processes on ${data.numbers.length} trials (${view.prior} lengths, ${view.warp} targets)`;
  const expectations = objectives.map(({ data: { losses }, all: { targets } }, j) => ({
    posterior: posteriors[j]!,
    losses,
    targets,
  }));
  const expected = expectationAt(features, point, history.objectives, expectations);
  return { point, sampler: "gp", reason, expected };
}

function drawView({ views }: GpSettings, objectives: number, stream: Stream): View {
  const asDeclared = views.filter(({ isByRatio }) => isByRatio !== true);
  // A front of three objectives reaches far into the worse halves, whose ranks would bend it.
  const plain = asDeclared.filter(({ warp }) => warp === "plain");
  const suitable = objectives > 2 && plain.length > 0 ? plain : asDeclared;
  return suitable[stream.integer(suitable.length)]!;
}

function posteriorOf(
  { data, all, logs }: Observed,
  best: readonly number[],
  { global, local }: GpSettings,
  spare: number,
): Posterior {
  const training = all.count > global ? select(all, bestAndOthers(data, best, local)) : all;
  return createPosterior(training, logs, spare);
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
