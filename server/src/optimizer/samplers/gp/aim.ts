import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Spread } from "./acquisition.ts";
import { SMOOTH_CELLS } from "./climb.ts";
import type { Observations } from "./observations.ts";
import type { Posterior } from "./posterior.ts";
import { gainOf, stagnation, steepness } from "./progress.ts";
import type { GpSettings } from "./settings.ts";

/** What a suggestion is after. */
export interface Aim extends Spread {
  /** To be the best under an optimistic bound, instead of an improvement on the goal. */
  readonly isOptimistic: boolean;
  /** To differ from the best trial in one value, if one is left, as the budget comes to its end. */
  readonly isRefining: boolean;
  /** To be far better than the best result. */
  readonly isDaring: boolean;
  /** Whether results have stopped improving. */
  readonly isStale: boolean;
  /** What was gained since the first results, in units of the targets, once the search has settled; undefined before. */
  readonly settled: number | undefined;
  /** The target to improve on; undefined while no result counts. */
  readonly goal: number | undefined;
}

/** What the aim depends on. */
export interface Situation {
  readonly space: Space;
  readonly settings: GpSettings;
  readonly objective: Posterior;
  readonly observed: Observations;
  /** One an observation of the model's, which are all of them unless it is of another branch. */
  readonly targets: Float64Array;
  /** The best target; undefined while no result counts. */
  readonly best: number | undefined;
  /** How many trials run. */
  readonly pending: number;
  /** Share of the study's budget that earlier trials have taken; 0 without a budget. */
  readonly spent: number;
  readonly isConstrained: boolean;
  /** Whether the model is of a neighbourhood, or the suggestion for another branch. */
  readonly isElsewhere: boolean;
}

/** Draws what the next suggestion is after from where the study stands. The aim is a function of both and of nothing else. */
export function chooseAim(situation: Situation, stream: Stream): Aim {
  const { space, settings, objective, observed, targets, best, pending, spent, isConstrained, isElsewhere } =
    situation;
  // Of what was chosen since the best result, the trials that still run have told nothing.
  const patience = 3 + space.dimensions.length / 2 + pending;
  const isStale = stagnation(observed) > patience;
  const isDaring = stream.uniform() < settings.daring && isStale;
  const daring = isDaring ? 0.3 + stream.uniform() : 0;
  // From choice to choice functions leap, and what a smooth model takes for noise can be gained.
  const leaping = space.dimensions.filter(
    ({ kind, cells }) => kind === "categorical" || (kind === "grid" && cells < SMOOTH_CELLS),
  );
  const leaps = leaping.length / space.dimensions.length;
  // There the best result is an outlier in part, on which it is hard to improve; optimism does not compare with it.
  const isOptimistic = !isConstrained && stream.fork("optimism").uniform() < leaps;
  // Where every parameter leaps the model is smoother than the function: what it finds all over is seldom better than the best trial's neighbours.
  const isRefining =
    leaps === 1 &&
    best !== undefined &&
    isOptimistic &&
    !isElsewhere &&
    spent >= settings.late &&
    stream.fork("refinement").uniform() < settings.refining;
  // Where the last trials gained only digits that nobody needs, further ones are for other basins. Noise would make basins of its own.
  const gained = gainOf(observed);
  const isSettled =
    best !== undefined &&
    gained > 0 &&
    stagnation(observed, settings.noticed * gained) > patience &&
    objective.noise <= settings.exact * objective.signal &&
    !isConstrained &&
    !isElsewhere &&
    !isOptimistic;
  const settled = isSettled ? gained * steepness(observed, targets) : undefined;
  // Deviations are those of the most probable hyperparameters, as if nothing else could be true, and come out too small (Wang and de Freitas,
  // arXiv:1406.7758, widen them for that). By how much differs between functions, so it is drawn.
  const boldness = isSettled ? 1 : settings.boldest ** stream.fork("boldness").uniform();
  return {
    isOptimistic,
    isRefining,
    isDaring,
    isStale,
    settled,
    goal: best === undefined ? undefined : best - Math.max(daring, settings.worthwhile * (settled ?? 0)),
    boldness,
    roughness: objective.noise * leaps,
  };
}
