import type { History, Objective } from "../history.ts";
import type { PruneDecision } from "./pruner.ts";
import type { Curve } from "../curve.ts";

/** Whatever is common to pruners that read reports. */

export const goOn: PruneDecision = { stop: false, reason: "" };

export const stop = (reason: string): PruneDecision => ({ stop: true, reason });

/** Factor that turns the first objective into one to be minimised. */
export const signOf = (objectives: readonly Objective[]): 1 | -1 =>
  objectives[0]?.goal === "maximize" ? -1 : 1;

/** A number as people read it: four digits. */
export const show = (value: number): string => String(Number(value.toPrecision(4)));

/** Whether no earlier report fell into the interval of the newest one; intervals start at the warm-up step. */
export function isFirstInInterval(
  steps: ArrayLike<number>,
  warmupSteps: number,
  intervalSteps: number,
): boolean {
  const step = steps[steps.length - 1]!;
  const previous = steps[steps.length - 2] ?? -Infinity;
  return previous < Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
}

/** The best of a curve's values, to be minimised after `sign`; NaN when none is a number. */
export function bestOf(values: ArrayLike<number>, sign: 1 | -1): number {
  let best = NaN;
  for (let i = 0; i < values.length; i++) if (!(sign * values[i]! >= best)) best = sign * values[i]!;
  return best;
}

/** How many of ascending steps are smaller than `step`. */
export function countBefore(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  for (let high = steps.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Reads the ended trials of a history once each, in the order in which they ended, catching up at each call.
 *
 * @param start - called first, and again when another history comes
 */
export function followEnded(
  start: () => void,
  read: (history: History, number: number, curve: Curve) => void,
): (history: History) => void {
  let seen: History | undefined;
  let position = 0;
  return (history) => {
    if (history !== seen || position > history.ended.length) {
      seen = history;
      position = 0;
      start();
    }
    const { ended } = history;
    for (; position < ended.length; position++) {
      const number = ended[position]!;
      read(history, number, history.curve(number));
    }
  };
}

/** Whether a trial ran to its end, so that its curve is whole. An infeasible one did. */
export function isWhole(history: History, number: number): boolean {
  const outcome = history.outcome(number);
  return outcome === "completed" || outcome === "infeasible";
}
