import type { Trials } from "../history.ts";
import type { ParameterValue } from "../space/parameter.ts";
import { meanOf } from "./grid.ts";
import { quantileOf } from "./rows.ts";
import type { Surrogate } from "./surrogate.ts";

/** What the model says about one parameter, averaged over all others. */
export interface Slice {
  readonly name: string;
  /** The parameter's values, ascending by coordinate. */
  readonly values: readonly ParameterValue[];
  /** Expected objective in its own direction, with the 5 % and 95 % quantiles of the model's alternatives. */
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What the model says about two parameters together. */
export interface Contour {
  readonly names: readonly [string, string];
  readonly values: readonly [readonly ParameterValue[], readonly ParameterValue[]];
  /** Row-major, the first parameter slowest. */
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param objective - index of the objective that the surrogate was fitted to */
export function slice(history: Trials, surrogate: Surrogate, dimension: number, objective = 0): Slice {
  return {
    name: history.space.dimensions[dimension]!.name,
    values: valuesOn(history, surrogate, dimension),
    ...summary(history, surrogate.effect(dimension), objective),
  };
}

/** @param objective - index of the objective that the surrogate was fitted to */
export function contour(
  history: Trials,
  surrogate: Surrogate,
  first: number,
  second: number,
  objective = 0,
): Contour {
  const { dimensions } = history.space;
  return {
    names: [dimensions[first]!.name, dimensions[second]!.name],
    values: [valuesOn(history, surrogate, first), valuesOn(history, surrogate, second)],
    ...summary(history, surrogate.jointEffect(first, second), objective),
  };
}

function valuesOn(history: Trials, surrogate: Surrogate, dimension: number): ParameterValue[] {
  return Array.from(surrogate.grid(dimension), (unit) => history.space.dimensions[dimension]!.toValue(unit));
}

function summary(history: Trials, draws: readonly Float64Array[], objective: number) {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const mean = meanOf(draws).map((loss) => sign * loss);
  const low = new Float64Array(mean.length);
  const high = new Float64Array(mean.length);
  const sorted = new Float64Array(draws.length);
  for (let at = 0; at < mean.length; at++) {
    for (let draw = 0; draw < draws.length; draw++) sorted[draw] = sign * draws[draw]![at]!;
    sorted.sort();
    low[at] = quantileOf(sorted, 0.05);
    high[at] = quantileOf(sorted, 0.95);
  }
  return { mean, low, high };
}
