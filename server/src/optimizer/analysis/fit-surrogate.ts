import type { Trials } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { forestEffects } from "./forest-effects.ts";
import { growForest } from "./forest.ts";
import { completedRows, type Rows, varianceOf, withoutTail } from "./rows.ts";
import { smoothEffects } from "./smooth-effects.ts";
import { fitSmoothModel } from "./smooth-model.ts";
import type { Surrogate } from "./surrogate.ts";

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
