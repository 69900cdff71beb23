import type { Objective } from "../history.ts";
import { createSortedNumbers } from "../numerics/sorted-numbers.ts";
import { createDominationRanking, type DominationRanking } from "./domination-ranking.ts";
import type { Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";
import { countBefore, followEnded, goOn, isWhole, stop } from "./reports.ts";

export interface DominationOptions {
  /** A trial goes on while it is among this share of the trials, 0 to 1, or no other trial dominates it. */
  readonly keep: number;
  /** Completed trials to wait for. */
  readonly startupTrials: number;
  /** No stop before this step. */
  readonly warmupSteps: number;
  /** No stop before this share of the last step of the longest completed trial. */
  readonly warmupShare: number;
  /** Trials are compared at the steps first · factor^k, rounded up. */
  readonly firstStep: number;
  readonly factor: number;
  /** Whether trials that were stopped before a step count as worse ones there, so that the share is of all trials. */
  readonly countStopped: boolean;
}

interface Mark {
  readonly step: number;
  readonly ranking: DominationRanking;
}

/** More marks than any resource has. */
const MOST_MARKS = 128;

/**
 * Stops trials of several objectives by how many others dominate them at the same step, the fewest first: the ranking
 * that multi-objective successive halving sorts by (Schmucker et al., arXiv:2106.12639), here with the count of
 * dominating trials in the place of the front's index, since it needs no sorting when a trial is added. Whoever is on the first front at a
 * step always goes on. A report costs no more than some hundred comparisons, however many trials there are, and only the first at or after a mark.
 */
export function createDominationPruner(
  objectives: readonly Objective[],
  { keep, startupTrials, warmupSteps, warmupShare, firstStep, factor, countStopped }: DominationOptions,
): Pruner {
  const signs = objectives.map(({ goal }) => (goal === "maximize" ? -1 : 1));
  const depth = signs.length;
  let marks: Mark[] = [];
  let passed = new Map<number, number>();
  let stoppedAt = createSortedNumbers();
  let completed = 0;
  let longest = 0;

  const markAt = (index: number): Mark => {
    for (let next = marks.length; next <= index; next++) {
      // A power of a root is a hair off the whole number that it should be.
      const step = Math.max(Math.ceil(firstStep * factor ** next - 1e-9), (marks[next - 1]?.step ?? -1) + 1);
      marks.push({ step, ranking: createDominationRanking(depth) });
    }
    return marks[index]!;
  };
  const vectorAt = ({ values, vectors }: Curve, at: number): number[] =>
    signs.map((sign, k) => {
      const value = sign * (vectors === undefined ? (k === 0 ? values[at]! : NaN) : vectors[at * depth + k]!);
      return Number.isNaN(value) ? Infinity : value;
    });
  /** Enters a trial at the marks that it has newly reached; answers the newest mark it has passed. */
  const record = (number: number, curve: Curve): Mark | undefined => {
    let next = passed.get(number) ?? 0;
    const last = curve.steps[curve.steps.length - 1] ?? -Infinity;
    for (; next < MOST_MARKS && markAt(next).step <= last; next++) {
      const { step, ranking } = markAt(next);
      ranking.add(number, vectorAt(curve, countBefore(curve.steps, step)));
    }
    passed.set(number, next);
    return next === 0 ? undefined : marks[next - 1];
  };
  const follow = followEnded(
    () => {
      marks = [];
      passed = new Map();
      stoppedAt = createSortedNumbers();
      completed = longest = 0;
    },
    (history, number, curve) => {
      record(number, curve);
      if (isWhole(history, number)) {
        completed++;
        longest = Math.max(longest, curve.steps[curve.steps.length - 1] ?? 0);
      } else if (history.outcome(number) === "pruned") {
        stoppedAt.insert(curve.steps[curve.steps.length - 1] ?? -Infinity);
      }
      passed.delete(number);
    },
  );

  return {
    decide({ history, number, curve }) {
      follow(history);
      const mark = record(number, curve);
      const last = curve.steps[curve.steps.length - 1]!;
      if (mark === undefined || completed < startupTrials) return goOn;
      // Decided once a mark, when the first report at or after it comes.
      if ((curve.steps[curve.steps.length - 2] ?? -Infinity) >= mark.step) return goOn;
      if (last < warmupSteps || last < warmupShare * longest) return goOn;
      const { dominating, better, others } = mark.ranking.place(
        number,
        vectorAt(curve, countBefore(curve.steps, mark.step)),
      );
      if (dominating === 0) return goOn;
      const stopped = countStopped ? stoppedAt.countBelow(mark.step) : 0;
      if (better < Math.max(1, Math.floor(keep * (others + 1 + stopped)))) return goOn;
      return stop(
        `${dominating} of ${others + stopped} trials are better in every objective at step ${last}, and ${better} of them stand better than it does`,
      );
    },
    observe({ history, number, curve }) {
      follow(history);
      record(number, curve);
    },
  };
}
