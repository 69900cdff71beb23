import { createSortedNumbers } from "../numerics/sorted-numbers.ts";
import type { Curve } from "../curve.ts";
import { countBefore } from "./reports.ts";

/** Whether two rungs rank their trials alike but for noise (PASHA, section 4). */
export interface SoftRanking {
  /** A trial has reached the upper rung, which is at `step`. Counts once. */
  add(number: number, curve: Curve, step: number): void;
  /** Values by trial, to be minimised, at the lower and the upper rung. */
  isStable(lower: ReadonlyMap<number, number>, upper: ReadonlyMap<number, number>): boolean;
}

/** A newcomer's curve is compared with this many of those that came last: enough to measure noise at a bounded price. */
const COMPARED = 32;
const NOISE_QUANTILE = 0.9;

export function createSoftRanking(sign: 1 | -1): SoftRanking {
  const members = new Set<number>();
  const recent: { readonly steps: Float64Array; readonly values: Float64Array }[] = [];
  // Distances at the upper rung of trials whose curves cross at least twice: their order there is chance.
  const noise = createSortedNumbers();
  let checkedAt = 0;
  let wasStable = true;
  return {
    add(number, { steps, values }, step) {
      if (members.has(number)) return;
      members.add(number);
      const length = countBefore(steps, step) + 1;
      const own = {
        steps: Float64Array.from({ length }, (_, i) => steps[i]!),
        values: Float64Array.from({ length }, (_, i) => sign * values[i]!),
      };
      for (const other of recent) {
        const distance = crossedDistance(own, other);
        if (distance !== undefined) noise.insert(distance);
      }
      recent.push(own);
      if (recent.length > COMPARED) recent.shift();
    },
    isStable(lower, upper) {
      // Beyond twenty trials one more hardly changes the picture: look again after each twentieth part.
      if (upper.size < 2) return true;
      if (upper.size < checkedAt * 1.05) return wasStable;
      checkedAt = upper.size;
      const epsilon = noise.length === 0 ? 0 : noise.quantile(NOISE_QUANTILE);
      const order = (values: ReadonlyMap<number, number>): number[] =>
        [...upper.keys()]
          .filter((number) => lower.has(number))
          .sort((a, b) => compare(values.get(a)!, values.get(b)!) || a - b);
      const [below, above] = [order(lower), order(upper)];
      // At each place of the upper ranking stands a trial that noise allows at this place of the lower one.
      wasStable = above.every((number, place) => {
        const [one, other] = [lower.get(number)!, lower.get(below[place]!)!];
        return one === other || Math.abs(one - other) <= epsilon;
      });
      return wasStable;
    },
  };
}

/** Distance at the last common step of two curves that change their order at least twice; undefined for others. */
function crossedDistance(
  a: { readonly steps: Float64Array; readonly values: Float64Array },
  b: { readonly steps: Float64Array; readonly values: Float64Array },
): number | undefined {
  let crossings = 0;
  let order = 0;
  let last = 0;
  for (let i = 0, j = 0; i < a.steps.length && j < b.steps.length;) {
    const [left, right] = [a.steps[i]!, b.steps[j]!];
    if (left === right) {
      const difference = a.values[i]! - b.values[j]!;
      if (Number.isFinite(difference)) {
        if (Math.sign(difference) * order < 0) crossings++;
        if (difference !== 0) order = Math.sign(difference);
        last = Math.abs(difference);
      }
    }
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return crossings >= 2 ? last : undefined;
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
