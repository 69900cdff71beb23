import type { WeightedView } from "./fits.ts";

/** What was settled by experiment. */
export interface GpSettings {
  readonly views: readonly WeightedView[];
  /** By how much a view's skill raises its chance: e^trust from a skill of 0 to one of 1. */
  readonly trust: number;
  /** Noise over signal variance from which the best result is not trusted. */
  readonly noisy: number;
  /** Most that a suggestion may multiply the model's deviations by when it expects an improvement. */
  readonly boldest: number;
  /** Chance, when results no longer improve, that a suggestion aims well below the best one. */
  readonly daring: number;
  /** Share of the budget from which a suggestion in grids and choices alone may keep to the best trial's neighbours, and the chance that it does. */
  readonly late: number;
  readonly refining: number;
  /** Chance, when results no longer improve and the best trial has numbers at ends of their ranges, that a suggestion moves one of them off its end. */
  readonly leaving: number;
  /** Chance, in a conditional space, that a suggestion looks for the best of another branch. */
  readonly branching: number;
  /** Chance that a suggestion keeps to a box around the best trial, and the range of the box's width. */
  readonly homing: number;
  readonly narrowest: number;
  readonly widest: number;
  /** Noise over signal variance up to which results are exact enough to tell basins apart. */
  readonly exact: number;
  /** Shares of all that was gained since the first results: what the last trials must have gained, or the search has settled; */
  readonly noticed: number;
  /** what a suggestion then aims to gain at least; */
  readonly worthwhile: number;
  /** what it must be expected to gain in the best result's basin, and in another one on that one's best. */
  readonly exhausted: number;
  readonly promising: number;
  /** `homing` once the search has settled. */
  readonly settledHoming: number;
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
    { prior: "pooled", warp: "half-rank", weight: 2 },
    { prior: "unit", warp: "plain", weight: 1 },
    { prior: "pooled", warp: "half-rank", isByRatio: true, weight: 2 },
  ],
  trust: 15,
  noisy: 0.1,
  boldest: 2.25,
  daring: 0.4,
  late: 0.6,
  refining: 0.5,
  leaving: 0.2,
  branching: 0.2,
  homing: 0.3,
  narrowest: 0.05,
  widest: 0.5,
  exact: 1e-3,
  noticed: 3e-3,
  worthwhile: 1e-3,
  exhausted: 3e-4,
  promising: 1e-2,
  settledHoming: 0.6,
  scanned: 1024,
  starts: 8,
  evaluations: 24,
  global: 500,
  local: 256,
};
