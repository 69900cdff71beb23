import type { Trials } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { gridEdges, meanOf, varianceOver } from "./grid.ts";
import { normalized, pedAnova } from "./ped-anova.ts";
import { activeShares, completedRows, quantileOf, type Rows } from "./rows.ts";
import type { Surrogate } from "./surrogate.ts";
import { fitSurrogate, FEWEST_ROWS } from "./fit-surrogate.ts";

/** How much each parameter matters, as shares of what all of them explain. */
export interface Importances {
  readonly method: ImportanceMethod;
  /** In the order of the space; shares add up to 1 unless nothing matters. */
  readonly parameters: readonly Importance[];
  /** Completed trials that were used. */
  readonly trials: number;
  /** Share of the variance of left-out trials that the model predicts; undefined for `ped-anova`, which has no model. */
  readonly explained: number | undefined;
}

export interface Importance {
  readonly name: string;
  readonly share: number;
  /** From the 5 % to the 95 % quantile. */
  readonly low: number;
  readonly high: number;
}

/** `fanova`: variance of the objective over the space. `ped-anova`: difference between the best trials and all. */
export type ImportanceMethod = "fanova" | "ped-anova";

export interface ImportanceOptions {
  readonly method?: ImportanceMethod;
  readonly objective?: number;
  /** A model that was fitted to this history and objective before. */
  readonly surrogate?: Surrogate | undefined;
}

const RESAMPLES = 40;
/** Trials that enter a bootstrap sample, at most. */
const MOST_ROWS = 2_000;

/** Undefined with fewer than four completed trials of finite value, or when all of them are equal. */
export function importances(
  history: Trials,
  { method = "fanova", objective = 0, surrogate }: ImportanceOptions = {},
): Importances | undefined {
  return method === "fanova"
    ? byVariance(history, surrogate ?? fitSurrogate(history, objective))
    : byDistribution(history, objective);
}

/** Main effects and half of each pair's interaction as shares of their sum: of the model's mean, with quantiles over its draws. */
function byVariance(history: Trials, surrogate: Surrogate | undefined): Importances | undefined {
  if (surrogate === undefined) return undefined;
  const { dimensions } = history.space;
  const active = activeShares(history);
  const middle: number[] = [];
  const parts = dimensions.map((dimension, index) => {
    const edges = gridEdges(dimension, surrogate.grid(index));
    const curves = surrogate.effect(index);
    const mean = meanOf(curves);
    // The variance of the mean, which draws exceed by what is uncertain about them.
    const shared = surrogate.shared.reduce((sum, own) => sum + own[index]!, 0) / surrogate.draws;
    middle.push(active[index]! * varianceOver(mean, edges) + shared);
    return curves.map(
      (curve, draw) => active[index]! * varianceOver(curve, edges) + surrogate.shared[draw]![index]!,
    );
  });
  const shares = Array.from({ length: surrogate.draws }, (_, draw) =>
    normalized(parts.map((own) => own[draw]!)),
  );
  return {
    method: "fanova",
    parameters: summarize(history, normalized(middle), shares),
    trials: surrogate.rows.count,
    explained: surrogate.explained,
  };
}

/** PED-ANOVA of all trials, with quantiles over bootstrap samples. */
function byDistribution(history: Trials, objective: number): Importances | undefined {
  const rows = completedRows(history, { objective, limit: MOST_ROWS });
  if (rows.count < FEWEST_ROWS || rows.losses.every((loss) => loss === rows.losses[0])) return undefined;
  const stream = createStream(0, "ped-anova", rows.count);
  const draws = Array.from({ length: RESAMPLES }, () =>
    pedAnova(
      history,
      pick(
        rows,
        Int32Array.from(rows.losses, () => stream.integer(rows.count)),
      ),
    ),
  );
  return {
    method: "ped-anova",
    parameters: summarize(history, pedAnova(history, rows), draws),
    trials: rows.count,
    explained: undefined,
  };
}

function pick({ width, numbers, points, losses }: Rows, chosen: Int32Array): Rows {
  const picked = new Float64Array(chosen.length * width);
  chosen.forEach((row, at) => picked.set(points.subarray(row * width, (row + 1) * width), at * width));
  return {
    count: chosen.length,
    width,
    numbers: Int32Array.from(chosen, (row) => numbers[row]!),
    points: picked,
    losses: Float64Array.from(chosen, (row) => losses[row]!),
  };
}

function summarize(history: Trials, shares: Float64Array, draws: readonly Float64Array[]): Importance[] {
  return history.space.dimensions.map(({ name }, index) => {
    const sorted = Float64Array.from(draws, (draw) => draw[index]!).sort();
    return { name, share: shares[index]!, low: quantileOf(sorted, 0.05), high: quantileOf(sorted, 0.95) };
  });
}
