import type { Trials } from "../history.ts";
import type { ParameterValue } from "../space/parameter.ts";

/** One trial as a point or line of a chart. */
export interface SampledTrial {
  readonly number: number;
  /** By dimension: coordinate in the unit cube, NaN where inactive. */
  readonly point: Float64Array;
  /** By dimension; undefined where inactive. */
  readonly values: readonly (ParameterValue | undefined)[];
  /** All objectives as told. */
  readonly objectives: Float64Array;
  /** Share of the completed trials that are better, 0 for the best; ties share the middle. */
  readonly rank: number;
}

export interface TrialSample {
  readonly trials: readonly SampledTrial[];
  /** Completed trials of finite value that the sample stands for. */
  readonly total: number;
}

export interface TrialSampleOptions {
  readonly objective?: number;
  /** Most trials. Default 500. */
  readonly limit?: number;
}

/**
 * Completed trials for parallel coordinates, rank plots and scatter plots: all of them, or the best tenth of the limit
 * and others spread evenly over the ranks, so that a chart of 10,000 trials shows the same picture with 500.
 */
export function sampleTrials(
  history: Trials,
  { objective = 0, limit = 500 }: TrialSampleOptions = {},
): TrialSample {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const lossOf = (number: number): number => sign * (history.values(number)[objective] ?? NaN);
  const numbers = [...history.ended].filter(
    (number) => history.outcome(number) === "completed" && Number.isFinite(lossOf(number)),
  );
  const total = numbers.length;
  numbers.sort((a, b) => lossOf(a) - lossOf(b) || a - b);
  const places = placesOf(total, limit);
  const { dimensions } = history.space;
  // Equal values stand at the middle of the places that they take.
  const ranks = new Float64Array(total);
  for (let start = 0; start < total;) {
    let end = start + 1;
    while (end < total && lossOf(numbers[end]!) === lossOf(numbers[start]!)) end++;
    ranks.fill(total > 1 ? (start + end - 1) / 2 / (total - 1) : 0, start, end);
    start = end;
  }
  return {
    total,
    trials: places.map((place) => {
      const number = numbers[place]!;
      const point = history.point(number).slice();
      return {
        number,
        point,
        values: dimensions.map(({ index, toValue }) =>
          Number.isNaN(point[index]!) ? undefined : toValue(point[index]!),
        ),
        objectives: history.values(number).slice(),
        rank: ranks[place]!,
      };
    }),
  };
}

function placesOf(total: number, limit: number): number[] {
  if (total <= limit) return Array.from({ length: total }, (_, place) => place);
  const best = Math.floor(limit / 10);
  return Array.from({ length: limit }, (_, at) =>
    at < best ? at : best + Math.floor(((at - best) * (total - best)) / (limit - best)),
  );
}
