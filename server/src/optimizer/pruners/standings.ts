import type { History } from "../history.ts";
import { createSortedNumbers, type SortedNumbers } from "../numerics/sorted-numbers.ts";
import type { Curve } from "../curve.ts";
import { expectEnd, type Expectation, type Profile } from "./gain-model.ts";
import { countBefore, followEnded, isWhole } from "./reports.ts";

/**
 * Where trials stand at a few common steps: those of the first completed trial, thinned. Trials that report at other
 * steps are read in between by a straight line, so that curves need not be aligned.
 */
export interface Standings {
  follow(history: History): void;
  /** Takes in a running trial; answers its standing at the last common step that it has passed. */
  place(number: number, curve: Curve): Standing | undefined;
}

export interface Standing {
  readonly step: number;
  /** The trial's value at the step, to be minimised; Infinity where it reported NaN. */
  readonly value: number;
  /** How many other trials are strictly better at the step. */
  readonly better: number;
  /** Others that have reached the step or were stopped short of it. */
  readonly others: number;
  /** Whether the newest report is the first to pass this step. */
  readonly isNew: boolean;
  /** Where the trial may end, by what completed trials did from this step on; undefined while there are too few. */
  expectation(): Expectation | undefined;
}

/** Steps at which trials are compared: enough to decide often, few enough to keep 10,000 trials at each. */
const MOST_STEPS = 64;

/** Completed trials that expectations rest on: the best ones and the newest ones, this many of each. */
const KEPT = 64;

/** The steps are chosen anew when a completed trial is this many times as long as the one they come from. */
const OUTGROWN = 1.5;

interface Mark {
  readonly step: number;
  readonly numbers: SortedNumbers;
  /** Trials that were stopped before this step. */
  stopped: number;
}

export function createStandings(sign: 1 | -1): Standings {
  let marks: Mark[] = [];
  let steps: number[] = [];
  let best: Profile[] = [];
  let newest: Profile[] = [];
  // Running trials: how many marks they have passed, and their values there, which leave their own standing out.
  let running = new Map<number, number[]>();

  const pass = (number: number, curve: Curve): number[] => {
    const values = running.get(number) ?? [];
    running.set(number, values);
    const last = curve.steps[curve.steps.length - 1] ?? -Infinity;
    while (values.length < marks.length && marks[values.length]!.step <= last) {
      const { step, numbers } = marks[values.length]!;
      const value = sign * valueAt(curve, step);
      values.push(Number.isNaN(value) ? Infinity : value);
      numbers.insert(values[values.length - 1]!);
    }
    return values;
  };
  const keep = (values: readonly number[], last: number): void => {
    if (!Number.isFinite(last)) return;
    const profile = { values: Float64Array.from(values), end: last };
    const place = best.findIndex((other) => profile.end < other.end);
    best.splice(place < 0 ? best.length : place, 0, profile);
    // Whoever falls out of the best may still be among the newest.
    newest.push(profile);
    if (best.length > KEPT) best.pop();
    if (newest.length > KEPT) newest.shift();
  };
  const end = (history: History, number: number, curve: Curve): void => {
    const values = pass(number, curve);
    running.delete(number);
    if (isWhole(history, number)) keep(values, sign * (curve.values[curve.values.length - 1] ?? NaN));
    if (history.outcome(number) !== "pruned") return;
    for (let mark = values.length; mark < marks.length; mark++) marks[mark]!.stopped++;
  };
  const open = (curve: Curve): void => {
    const count = Math.min(MOST_STEPS, curve.steps.length);
    steps = Array.from({ length: count }, (_, index) => {
      return curve.steps[Math.floor(((index + 1) * curve.steps.length) / count) - 1]!;
    });
    marks = steps.map((step) => ({ step, numbers: createSortedNumbers(), stopped: 0 }));
    running = new Map();
    best = [];
    newest = [];
  };
  const follow = followEnded(
    () => {
      marks = [];
      steps = [];
      running = new Map();
      best = [];
      newest = [];
    },
    (history, number, curve) => {
      const last = curve.steps[curve.steps.length - 1] ?? 0;
      if (isWhole(history, number) && last > OUTGROWN * (steps[steps.length - 1] ?? 0)) {
        open(curve);
        for (const earlier of history.ended) {
          if (earlier === number) break;
          end(history, earlier, history.curve(earlier));
        }
      }
      end(history, number, curve);
    },
  );
  /** Index of the last common step up to this one, or of the first. */
  const indexUpTo = (step: number): number => {
    const before = countBefore(steps, step);
    return Math.max(0, steps[before] === step ? before : before - 1);
  };
  return {
    follow,
    place(number, curve) {
      const passed = Math.min(pass(number, curve).length, countUpTo(steps, curve));
      const mark = marks[passed - 1];
      if (mark === undefined) return undefined;
      const values = running.get(number)!;
      const value = values[passed - 1]!;
      return {
        step: mark.step,
        value,
        better: mark.numbers.countBelow(value),
        others: mark.numbers.length - 1 + mark.stopped,
        expectation: () =>
          expectEnd(
            values.slice(0, passed),
            [indexUpTo(mark.step / 2), indexUpTo(mark.step / 4)],
            [...new Set([...best, ...newest])],
          ),
        isNew: !((curve.steps[curve.steps.length - 2] ?? -Infinity) >= mark.step),
      };
    },
  };
}

/** How many of the steps a curve has reached. */
function countUpTo(steps: readonly number[], { steps: own }: Curve): number {
  const last = own[own.length - 1] ?? -Infinity;
  const before = countBefore(steps, last);
  return steps[before] === last ? before + 1 : before;
}

/** The value at a step up to the last report, on the straight line between its neighbours. */
function valueAt({ steps, values }: Curve, step: number): number {
  const after = countBefore(steps, step);
  const value = values[after]!;
  if (steps[after] === step || after === 0) return value;
  const [left, right] = [steps[after - 1]!, steps[after]!];
  const before = values[after - 1]!;
  return before === value ? value : before + ((value - before) * (step - left)) / (right - left);
}
