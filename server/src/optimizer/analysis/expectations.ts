import type { Trials } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { type Calibration, calibrate, type Prediction } from "./calibration.ts";
import { growForest } from "./forest.ts";
import { predict } from "./regression-tree.ts";
import { rowsOf, varianceOf, withoutTail } from "./rows.ts";
import { fitMainEffects } from "./smooth-model.ts";

/** What the trials before a trial let expect of it, and what came. */
export interface Expectation extends Prediction {
  readonly number: number;
}

export interface Expectations {
  /** In the order of ending; an even sample of very many. */
  readonly trials: readonly Expectation[];
  /** Over these trials; undefined without any. */
  readonly calibration: Calibration | undefined;
}

export interface ExpectationsOptions {
  /** Index of the objective. Default 0. */
  readonly objective?: number;
  /** Most trials. Default 500. */
  readonly limit?: number;
}

/** Trials that the first model waits for. */
const FIRST = 8;
/** Models, at most: each sees all trials that ended before its share of the others begins, which grows from one to the next. */
const MODELS = 12;
const SLOWEST_GROWTH = 1.35;
/** Trials that a model is fitted to, at most. */
const MOST_ROWS = 300;

/**
 * Prequential predictions (Dawid, JRSS A 147, 1984): each trial is predicted by a model of trials that ended before it, whatever
 * sampler chose it. The model is the better one, by left-out trials, of smooth effects of each parameter and a random forest.
 */
export function expectations(
  history: Trials,
  { objective = 0, limit = 500 }: ExpectationsOptions = {},
): Expectations {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const numbers = [...history.ended].filter(
    (number) =>
      history.outcome(number) === "completed" && Number.isFinite(history.values(number)[objective] ?? NaN),
  );
  const total = numbers.length - FIRST;
  if (total <= 0 || history.space.dimensions.length === 0) return { trials: [], calibration: undefined };
  const growth = Math.max(SLOWEST_GROWTH, (numbers.length / FIRST) ** (1 / MODELS));
  const trials: Expectation[] = [];
  const isShown = (place: number): boolean =>
    total <= limit || Math.floor((place * limit) / total) !== Math.floor(((place - 1) * limit) / total);
  for (let from = FIRST; from < numbers.length;) {
    const to = Math.min(numbers.length, Math.ceil(from * growth));
    const expect = fitModel(history, numbers.slice(0, from), objective);
    for (let place = from; place < to; place++) {
      const number = numbers[place]!;
      if (!isShown(place - FIRST)) continue;
      const { mean, variance } = expect(history.point(number));
      const observed = history.values(number)[objective]!;
      trials.push({ number, mean: sign * mean, deviation: Math.sqrt(variance), observed });
    }
    from = to;
  }
  return { trials, calibration: calibrate(trials) };
}

type Expect = (point: ArrayLike<number>) => { readonly mean: number; readonly variance: number };

function fitModel(history: Trials, numbers: readonly number[], objective: number): Expect {
  const { dimensions } = history.space;
  const whole = rowsOf(history, numbers, { objective, limit: MOST_ROWS });
  const rows = { ...whole, losses: withoutTail(whole.losses) };
  if (!(varianceOf(rows.losses) > 0)) return () => ({ mean: rows.losses[0]!, variance: 0 });
  const smooth = fitMainEffects(dimensions, rows);
  const forest = growForest(dimensions, rows, createStream(0, "expectations", numbers.length));
  if (smooth.error <= forest.error) return smooth.predict;
  return (point) => {
    let mean = 0;
    for (const tree of forest.trees) mean += predict(tree, dimensions, point) / forest.trees.length;
    return { mean, variance: forest.error };
  };
}
