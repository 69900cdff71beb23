import type { Trials } from "../history.ts";
import { quantileOf } from "./rows.ts";

/** Empirical distribution of an objective: the share of completed trials that are at least as good as a value. */
export interface Distribution {
  /** Best first, as told. */
  readonly values: Float64Array;
  readonly shares: Float64Array;
  readonly total: number;
}

/** @param limit - most points of the curve; beyond it, quantiles at equal distances */
export function distribution(history: Trials, objective = 0, limit = 200): Distribution {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const losses = Float64Array.from(history.ended)
    .filter((number) => history.outcome(number) === "completed")
    .map((number) => sign * (history.values(number)[objective] ?? NaN))
    .filter((loss) => !Number.isNaN(loss))
    .sort();
  const total = losses.length;
  if (total <= limit) {
    return {
      values: losses.map((loss) => sign * loss),
      shares: losses.map((_, at) => (at + 1) / total),
      total,
    };
  }
  const shares = Float64Array.from({ length: limit }, (_, at) => at / (limit - 1));
  return { values: shares.map((share) => sign * quantileOf(losses, share)), shares, total };
}
