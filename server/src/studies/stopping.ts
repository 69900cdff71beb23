import type { Best } from "../optimizer/analysis/best.ts";
import type { History } from "../optimizer/history.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { FinishReason } from "../store/states.ts";
import type { StudySpec } from "./spec.ts";

/** The limit behind each reason that {@link stoppingReason} gives, as the API names it. */
export const limitBehind: Readonly<Partial<Record<FinishReason, string>>> = {
  "max-trials": "max_trials",
  "target-reached": "target_value",
  "no-improvement": "patience",
  failures: "max_failure_rate",
  "max-duration": "max_duration",
};

/** The newest ended trials that the failure rate is taken over. */
const failureWindow = 20;

export interface StoppingFacts {
  readonly spec: StudySpec;
  readonly clock: Clock;
  readonly history: History;
  /** Trials that were cancelled before any worker had them. */
  readonly neverRan: ReadonlySet<number>;
  readonly best: Best;
  /** How long the study has existed, seconds. */
  readonly ageSeconds: number;
}

/** The reason why a study should hand out no more trials; undefined while there is none. */
export function stoppingReason(facts: StoppingFacts): FinishReason | undefined {
  const { spec, clock, best } = facts;
  const { waiting, running } = clock.counts;
  if (clock.nextNumber >= (spec.maxTrials ?? Infinity) && waiting + running === 0) return "max-trials";
  if (reachesTarget(spec, best)) return "target-reached";
  if (losesPatience(facts)) return "no-improvement";
  if (failsTooOften(facts)) return "failures";
  if (facts.ageSeconds >= (spec.maxDurationSeconds ?? Infinity)) return "max-duration";
  return undefined;
}

function reachesTarget({ targetValue, objectives }: StudySpec, best: Best): boolean {
  if (targetValue === undefined || best.number < 0) return false;
  return objectives[0]?.goal === "maximize" ? best.value >= targetValue : best.value <= targetValue;
}

function losesPatience({ spec, history, neverRan, best }: StoppingFacts): boolean {
  if (best.endedSince < (spec.patience ?? Infinity)) return false;
  const since = history.ended.slice(history.ended.length - best.endedSince);
  return since.filter((number) => !neverRan.has(number)).length >= (spec.patience ?? Infinity);
}

function failsTooOften({ spec, history, neverRan }: StoppingFacts): boolean {
  if (spec.maxFailureRate === undefined) return false;
  let [failed, seen] = [0, 0];
  for (let at = history.ended.length - 1; at >= 0 && seen < failureWindow; at--) {
    const number = history.ended[at]!;
    if (neverRan.has(number)) continue;
    seen++;
    if (history.outcome(number) === "failed") failed++;
  }
  return seen === failureWindow && failed / failureWindow >= spec.maxFailureRate;
}

/** Whether following the rules needs the history, and not only the clock's counters. */
export function rulesNeedHistory(spec: StudySpec): boolean {
  return spec.targetValue !== undefined || spec.patience !== undefined || spec.maxFailureRate !== undefined;
}
