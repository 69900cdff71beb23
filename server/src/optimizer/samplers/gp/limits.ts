import type { History } from "../../history.ts";
import { stageOf } from "./stage.ts";

/** What the ended trials say about a bound: by how much they exceed it. */
export interface Excesses {
  readonly numbers: readonly number[];
  /** At most 0 where the bound is kept, possibly infinite. */
  readonly values: Float64Array;
}

/** So many constraints have a model of their own; of more, those that are exceeded most often. */
const MOST_MODELS = 4;

/**
 * The constraints by the models that stand for them, each as positions among the study's constraints: those that matter most one
 * by one, all others together. A function of the number of ended trials by stages, as the fits are.
 */
export function limitsOf(history: History): readonly (readonly number[])[] {
  const all = Array.from({ length: history.constraints }, (_, index) => index);
  if (all.length <= MOST_MODELS) return all.map((index) => [index]);
  const exceeded = new Int32Array(all.length);
  for (const number of history.ended.subarray(0, stageOf(history.ended.length)))
    history.excesses(number).forEach((excess, index) => excess > 0 && exceeded[index]!++);
  const order = all.sort((a, b) => exceeded[b]! - exceeded[a]! || a - b);
  const own = order.slice(0, MOST_MODELS - 1).map((index) => [index]);
  return [...own, order.slice(MOST_MODELS - 1).sort((a, b) => a - b)];
}

/**
 * What the first `count` ended trials say about some constraints that are taken together: the largest excess counts, each in units of
 * its own constraint's middle excess, as one bound exceeded is enough. Trials that failed or were pruned say nothing.
 */
export function observeLimit(history: History, count: number, limit: readonly number[]): Excesses {
  const numbers = Array.from(history.ended.subarray(0, count)).filter((number) => {
    const outcome = history.outcome(number);
    return (
      (outcome === "completed" || outcome === "infeasible") &&
      limit.every((index) => !Number.isNaN(history.excesses(number)[index]!))
    );
  });
  const columns = limit.map((index) =>
    Float64Array.from(numbers, (number) => history.excesses(number)[index]!),
  );
  if (columns.length === 1) return { numbers, values: columns[0]! };
  const units = columns.map(middleSize);
  const values = Float64Array.from(numbers, (_, i) =>
    columns.reduce((largest, column, at) => Math.max(largest, column[i]! / units[at]!), -Infinity),
  );
  return { numbers, values };
}

/** The median of the sizes that are numbers above 0; 1 without any. */
function middleSize(values: Float64Array): number {
  const sizes = values
    .map(Math.abs)
    .filter((size) => size > 0 && size < Infinity)
    .sort();
  return sizes[sizes.length >> 1] ?? 1;
}

/** Targets of a model, and the target at or below which the bound is kept. */
export interface LimitTargets {
  readonly targets: Float64Array;
  readonly threshold: number;
}

/** Beyond so many middle sizes an excess says only that the bound is far. */
const FAR = 4;

/** Targets of mean 0 and deviation 1 from excesses in any order. Undefined when there is nothing to tell apart. */
export function limitTargets(excesses: Float64Array): LimitTargets | undefined {
  const far = FAR * middleSize(excesses);
  const cut = excesses.map((excess) => Math.max(-far, Math.min(far, excess)));
  const count = cut.length;
  const mean = cut.reduce((sum, value) => sum + value / count, 0);
  const deviation = Math.sqrt(cut.reduce((sum, value) => sum + (value - mean) ** 2 / count, 0));
  if (!(deviation > 0) || !Number.isFinite(deviation)) return undefined;
  return { targets: cut.map((value) => (value - mean) / deviation), threshold: -mean / deviation };
}
