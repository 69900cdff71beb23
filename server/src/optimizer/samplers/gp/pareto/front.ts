import { paretoOrder } from "../../../analysis/pareto-order.ts";
import type { History } from "../../../history.ts";
import type { View } from "../fits.ts";
import type { LogHyperparameters } from "../hyperparameters.ts";
import type { Training } from "../likelihood.ts";
import type { Model } from "../model.ts";
import { observe, type Observations } from "../observations.ts";
import { trainingOf } from "../training.ts";
import { warpLosses } from "../warp.ts";

/** The best trials, by rank, that an improvement is measured against. */
const BEST = 40;

/** What the ended trials say about one of the objectives. */
export interface Observed {
  readonly data: Observations;
  readonly logs: LogHyperparameters;
  readonly all: Training;
}

/** What they say about all objectives together. */
export interface Front {
  readonly objectives: readonly Observed[];
  /** The first objective's: which trials count is the same for all. */
  readonly data: Observations;
  /** Numbers of the best trials, by rank. */
  readonly best: readonly number[];
  /** The targets of a trial that counts, one an objective. */
  targetsOf(number: number): readonly number[];
}

export function observeFront({ features, fits }: Model, history: History, view: View): Front {
  const objectives = history.objectives.map((_, j) => {
    const data = observe(history, history.ended.length, j);
    const { logs } = fits.objective(history, view, j);
    const targets = warpLosses(data.losses, view.warp);
    const targetOf = new Map(data.numbers.map((number, i) => [number, targets[i]!]));
    return { data, logs, targetOf, all: trainingOf(features, history, data.numbers, targets) };
  });
  const { data } = objectives[0]!;
  const counting = data.numbers.filter((_, i) => data.counts[i] === true);
  // What counts was told in all objectives.
  const targetsOf = (number: number): readonly number[] =>
    objectives.map(({ targetOf }) => targetOf.get(number)!);
  return {
    objectives,
    data,
    targetsOf,
    best: paretoOrder(counting, targetsOf, Math.min(BEST, counting.length)),
  };
}

/** Positions of at most `most` observations: the best, and evenly in time from the rest. */
export function bestAndOthers({ numbers }: Observations, best: readonly number[], most: number): number[] {
  const isBest = new Set(best);
  const rest = numbers.flatMap((number, i) => (isBest.has(number) ? [] : [i]));
  const need = Math.min(rest.length, most - isBest.size);
  const spread = Array.from({ length: need }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / need)]!);
  return [...numbers.flatMap((number, i) => (isBest.has(number) ? [i] : [])), ...spread].sort(
    (a, b) => a - b,
  );
}
