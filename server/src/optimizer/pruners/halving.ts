import { createSortedNumbers, type SortedNumbers } from "../numerics/sorted-numbers.ts";
import type { Curve } from "../curve.ts";
import { countBefore } from "./reports.ts";

/** One bracket of successive halving: rungs at growing steps and the values that trials had there. */
export interface Halving {
  /** Takes in what a trial reported at the rungs that it has reached. Values of an earlier attempt are replaced. */
  record(number: number, curve: Curve): void;
  /** Rungs that the newest report has reached and no earlier one had, lowest first. */
  reached(curve: Curve): Rung[];
  /** Whether a value is among the best 1/`factor` of those at a rung, or the best; the value itself counts. */
  isTop(rung: Rung, value: number): boolean;
  rung(index: number): Rung;
}

export interface Rung {
  readonly index: number;
  readonly step: number;
  /** Values of all trials here, to be minimised. */
  readonly numbers: SortedNumbers;
  readonly byTrial: Map<number, number>;
}

/** More than any resource has; also ends the search at a step of Infinity. */
const MOST_RUNGS = 64;

/**
 * Rungs of asynchronous successive halving at the steps first · factor^k (Li et al., MLSys 2020). A trial's value at a
 * rung is that of its first report at that step or later; NaN has no place. A report costs O(log n) but for the moving
 * of numbers in one array.
 */
export function createHalving(first: number, factor: number, sign: 1 | -1): Halving {
  const rungs: Rung[] = [];
  const rung = (index: number): Rung => {
    for (let next = rungs.length; next <= index; next++) {
      rungs.push({
        index: next,
        step: first * factor ** next,
        numbers: createSortedNumbers(),
        byTrial: new Map(),
      });
    }
    return rungs[index]!;
  };
  return {
    rung,
    record(number, { steps, values }) {
      const last = steps[steps.length - 1] ?? -Infinity;
      for (let index = 0; index < MOST_RUNGS && rung(index).step <= last; index++) {
        const { step, numbers, byTrial } = rung(index);
        const value = sign * values[countBefore(steps, step)]!;
        const earlier = byTrial.get(number);
        if (earlier === value || (earlier === undefined && Number.isNaN(value))) continue;
        if (earlier !== undefined) numbers.remove(earlier);
        if (Number.isNaN(value)) byTrial.delete(number);
        else {
          numbers.insert(value);
          byTrial.set(number, value);
        }
      }
    },
    reached({ steps }) {
      const step = steps[steps.length - 1] ?? -Infinity;
      const previous = steps[steps.length - 2] ?? -Infinity;
      const found: Rung[] = [];
      for (let index = 0; index < MOST_RUNGS && rung(index).step <= step; index++)
        if (rung(index).step > previous) found.push(rung(index));
      return found;
    },
    isTop: ({ numbers }, value) => value <= numbers.at(Math.max(1, Math.floor(numbers.length / factor)) - 1),
  };
}
