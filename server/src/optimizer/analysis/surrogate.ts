import type { Trials } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { forestEffects } from "./forest-effects.ts";
import { growForest } from "./forest.ts";
import { completedRows, type Rows, varianceOf, withoutTail } from "./rows.ts";
import { smoothEffects } from "./smooth-effects.ts";
import { fitSmoothModel } from "./smooth-model.ts";

/** Where effects are read: centres of equal cells of [0, 1] for numbers, the centre of each choice for categoricals. */
export type Grid = Float64Array;

/** A model of the objective over the space, as a mean and some equally likely alternatives. Losses are to be minimised. */
export interface Surrogate {
  readonly kind: "smooth" | "forest";
  /** Share of the variance among trials that it predicts for trials it has not seen, 0 to 1. */
  readonly explained: number;
  readonly rows: Rows;
  readonly draws: number;
  grid(dimension: number): Grid;
  /** The loss at a dimension's grid averaged over all others, where the dimension is active; one curve a draw. */
  effect(dimension: number): readonly Float64Array[];
  /** The same over two dimensions, row-major with the first one slowest. */
  jointEffect(first: number, second: number): readonly Float64Array[];
  /** Variance of the loss over the space, uniform in the unit cube; one number a draw. */
  readonly variances: Float64Array;
  /** Part of the variance that dimensions owe to each other, by dimension, half of each pair's; one array a draw. */
  readonly shared: readonly Float64Array[];
}

/** Completed trials that a model needs. */
export const FEWEST_ROWS = 4;

/** Trials that a model is fitted to, at most. */
const MOST_ROWS = 1_500;

/** A model that explains this much is right about the tail of the losses too. */
const WELL_EXPLAINED = 0.9;

/**
 * The model that predicts left-out trials better: smooth effects of parameters and pairs, or a random forest. Where neither
 * predicts well, a far tail of bad losses is drawn in first, which would otherwise be all that the model is about.
 */
export function fitSurrogate(history: Trials, objective = 0): Surrogate | undefined {
  const rows = completedRows(history, { objective, limit: MOST_ROWS });
  if (rows.count < FEWEST_ROWS || history.space.dimensions.length === 0) return undefined;
  if (!(varianceOf(rows.losses) > 0)) return undefined;
  const { fit, effects } = fitBetter(history, rows);
  const losses = withoutTail(rows.losses);
  if (fit.explained >= WELL_EXPLAINED || losses === rows.losses || !(varianceOf(losses) > 0))
    return { ...fit, ...effects() };
  const drawnIn = fitBetter(history, { ...rows, losses });
  return { ...drawnIn.fit, ...drawnIn.effects() };
}

function fitBetter(history: Trials, rows: Rows) {
  const { dimensions } = history.space;
  const smooth = fitSmoothModel(dimensions, rows);
  const stream = createStream(0, "surrogate", rows.count);
  const forest = growForest(dimensions, rows, stream.fork("forest"));
  const isSmooth = smooth.error <= forest.error;
  const explained = Math.max(0, 1 - Math.min(smooth.error, forest.error) / varianceOf(rows.losses));
  return {
    fit: { kind: isSmooth ? ("smooth" as const) : ("forest" as const), explained, rows },
    effects: () =>
      isSmooth ? smoothEffects(history, rows, smooth, stream.fork("draws")) : forestEffects(history, forest),
  };
}
