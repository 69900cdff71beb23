import type { Trials } from "../history.ts";

/** How the best value came about: one entry for each trial that was better than all before it. */
export interface Progress {
  /** The improving trials, in the order of ending; of very many the last ones and an even share of the others. */
  readonly numbers: Int32Array;
  /** How many trials, whatever their outcome, had ended by then. */
  readonly positions: Int32Array;
  /** As told. */
  readonly values: Float64Array;
}

export interface ProgressOptions {
  /** Index of the objective. Default 0. */
  readonly objective?: number;
  /** Most entries. Default 500. */
  readonly limit?: number;
}

/** Improvements among completed, feasible trials. */
export function bestProgress(
  history: Trials,
  { objective = 0, limit = 500 }: ProgressOptions = {},
): Progress {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const found: { number: number; position: number; value: number }[] = [];
  let best = NaN;
  history.ended.forEach((number, at) => {
    if (history.outcome(number) !== "completed" || history.violation(number) > 0) return;
    const value = history.values(number)[objective] ?? NaN;
    if (Number.isNaN(value) || sign * value >= sign * best) return;
    best = value;
    found.push({ number, position: at + 1, value });
  });
  const count = Math.min(limit, found.length);
  const kept = Array.from(
    { length: count },
    (_, at) => found[Math.floor(((at + 1) * found.length) / count) - 1]!,
  );
  return {
    numbers: Int32Array.from(kept, ({ number }) => number),
    positions: Int32Array.from(kept, ({ position }) => position),
    values: Float64Array.from(kept, ({ value }) => value),
  };
}
