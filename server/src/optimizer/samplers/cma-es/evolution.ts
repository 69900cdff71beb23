import type { History } from "../../history.ts";
import { normalCdf, normalQuantile } from "../../numerics/normal-distribution.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import { compareStandings, lossesOf, standingOf } from "../standing.ts";
import { type Choices, createChoices } from "./choices.ts";
import { applyMargin } from "./margin.ts";
import { createNormalModel, type NormalModel } from "./normal-model.ts";
import { type Rates, ratesOf } from "./rates.ts";

export interface EvolutionOptions {
  readonly populationSize: number;
  readonly isSeparable: boolean;
  readonly restarts: boolean;
}

/** How the search stands: what the next trial is drawn from. */
export interface Evolution {
  readonly numeric: readonly Dimension[];
  readonly categorical: readonly Dimension[];
  readonly model: NormalModel;
  readonly choices: Choices;
  /** Generations that this run has learned from, trials in each, and how many runs there were before. */
  readonly generations: number;
  readonly size: number;
  readonly run: number;
}

/** Deviation of the first distribution, in widths of the cube. */
const SIGMA = 1 / 6;
const MOST_SIZE = 1_000;

/**
 * Follows a history: every `size` results that ended, whoever asked for them, are a generation. When a run has converged the next
 * one starts somewhere else with twice as many trials a generation (IPOP: Auger and Hansen, CEC 2005).
 */
export function createEvolution(space: Space, options: EvolutionOptions) {
  const varying = space.dimensions.filter(({ cells }) => cells > 1);
  const numeric = varying.filter(({ kind }) => kind !== "categorical");
  const categorical = varying.filter(({ kind }) => kind === "categorical");
  let owner: History | undefined;
  let ownSeed = NaN;
  let position = 0;
  let run = startRun(space, numeric, categorical, options, 0, NaN);
  let arrived: number[] = [];
  /** Trials up to this number were drawn from an earlier run, and would drag this one back to where that ended. */
  let newest = -1;
  return (history: History, seed: number): Evolution => {
    if (owner !== history || ownSeed !== seed) {
      [owner, ownSeed, position, arrived, newest] = [history, seed, 0, [], -1];
      run = startRun(space, numeric, categorical, options, 0, seed);
    }
    const { ended } = history;
    let latest = -1;
    for (; position < ended.length; position++) {
      const number = ended[position]!;
      if (number <= newest) continue;
      arrived.push(number);
      if (arrived.length < run.size) continue;
      run.learn(history, arrived);
      arrived = [];
      if (!options.restarts || !run.hasConverged) continue;
      for (let i = 0; i <= position; i++) latest = Math.max(latest, ended[i]!);
      newest = latest;
      run = startRun(space, numeric, categorical, options, run.index + 1, seed);
    }
    const { model, choices, generations, size, index } = run;
    return { numeric, categorical, model, choices, generations, size, run: index };
  };
}

function startRun(
  space: Space,
  numeric: readonly Dimension[],
  categorical: readonly Dimension[],
  { populationSize, isSeparable }: EvolutionOptions,
  index: number,
  seed: number,
) {
  const width = numeric.length;
  const size = Math.min(MOST_SIZE, populationSize * 2 ** index);
  const rates: Rates = ratesOf(width, size, isSeparable);
  const stream = createStream(seed, "cma-es", index);
  const start = Float64Array.from(numeric, ({ index: at, toUnit }) => {
    const initial = space.parameters[at]!.default;
    return index > 0 ? stream.uniform() : initial === undefined ? 0.5 : toUnit(initial);
  });
  const model = createNormalModel(start, SIGMA, rates, isSeparable);
  // A choice's cell is as wide as its weight says.
  const choices = createChoices(
    categorical.map(({ cells, edge }) =>
      Float64Array.from({ length: cells }, (_, cell) => edge(cell + 1) - edge(cell)),
    ),
  );
  const least = 1 / (Math.max(1, width) * size);
  /** The least loss of each of the last generations. */
  const bests: number[] = [];
  const remembered = 10 + Math.ceil((30 * Math.max(1, width)) / size);
  let range = Infinity;
  return {
    index,
    size,
    model,
    choices,
    get generations() {
      return bests.length;
    },
    get hasConverged() {
      const last = bests.slice(-remembered);
      const best = Math.min(...last);
      const isFlat =
        last.length === remembered && Math.max(...last) - best <= 1e-12 * Math.max(1e-12, Math.abs(best));
      return (isFlat && !(range > 1e-12 * Math.abs(best))) || model.isSpent;
    },
    learn(history: History, numbers: readonly number[]): void {
      const order = byStanding(history, numbers);
      const losses = order.map((number) => lossOf(history, number)).filter(Number.isFinite);
      bests.push(losses[0] ?? Infinity);
      range = (losses[losses.length - 1] ?? NaN) - (losses[0] ?? NaN);
      if (width > 0) model.update(order.map((number) => unitsOf(history, number, numeric, model, seed)));
      numeric.forEach((dimension, k) => {
        if (dimension.kind === "grid" && !model.isSpent) applyMargin(model, k, dimension, least);
      });
      const codes = order.map((number) =>
        Int32Array.from(categorical, ({ index: at, cell }) => {
          const unit = history.point(number)[at]!;
          return Number.isNaN(unit) ? -1 : cell(unit);
        }),
      );
      choices.update(codes, rates.weights);
    },
  };
}

/** The best first; trials that failed come last. */
function byStanding(history: History, numbers: readonly number[]): number[] {
  const standings = numbers.flatMap((number) => standingOf(history, number) ?? []).sort(compareStandings);
  const ranked = standings.map(({ number }) => number);
  return [...ranked, ...numbers.filter((number) => standingOf(history, number) === undefined)];
}

const lossOf = (history: History, number: number): number =>
  standingOf(history, number)?.group === "completed" ? lossesOf(history, number)[0]! : NaN;

/**
 * A trial's numeric coordinates as the model may have drawn them: a grid's somewhere in its cell, one on a face of the cube somewhere
 * beyond it, an inactive one's anywhere, by the model's own distribution, so that none looks as if the search had narrowed down to a
 * point.
 */
function unitsOf(
  history: History,
  number: number,
  numeric: readonly Dimension[],
  model: NormalModel,
  seed: number,
): Float64Array {
  const point = history.point(number);
  const stream = createStream(seed, "cell", number);
  return Float64Array.from(numeric, ({ index, kind, cell, cells, edge }, k) => {
    const draw = stream.uniform();
    const unit = point[index]!;
    if (kind === "continuous" && unit > 0 && unit < 1) return unit;
    let [low, high] = [-Infinity, Infinity];
    if (kind === "continuous") {
      if (unit === 0) high = 0;
      if (unit === 1) low = 1;
    } else if (!Number.isNaN(unit)) {
      const own = cell(unit);
      if (own > 0) low = edge(own);
      if (own < cells - 1) high = edge(own + 1);
    }
    return drawBetween(model.mean[k]!, model.deviation(k), low, high, draw);
  });
}

/** The quantile `share` of a normal distribution cut to an interval; the end nearer to the mean where next to nothing lies inside. */
function drawBetween(mean: number, deviation: number, low: number, high: number, share: number): number {
  const below = normalCdf((low - mean) / deviation);
  const inside = normalCdf((high - mean) / deviation) - below;
  const nearest = Math.min(high, Math.max(low, mean));
  if (!(inside > 1e-9)) return nearest;
  const drawn = mean + deviation * normalQuantile(below + share * inside);
  return Number.isFinite(drawn) ? Math.min(high, Math.max(low, drawn)) : nearest;
}
