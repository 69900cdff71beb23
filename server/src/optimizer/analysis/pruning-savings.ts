import type { Trials } from "../history.ts";
import { quantileOf } from "./rows.ts";

/** What stopping trials early has saved, in reports, which take about equally long within a study. */
export interface PruningSavings {
  readonly completed: number;
  readonly pruned: number;
  /** Reports of completed and pruned trials. */
  readonly spent: number;
  /** Reports of pruned trials. */
  readonly stoppedReports: number;
  /** Reports that the pruned trials would have made besides, each as many as the median completed trial. */
  readonly saved: number;
  /** saved / (spent + saved); 0 without any. */
  readonly share: number;
  /** Reports of the median completed trial. */
  readonly fullLength: number;
  /** Reports after which trials were stopped: 5 %, 25 %, 50 %, 75 % and 95 % quantiles; empty without pruned trials. */
  readonly stoppedAfter: Float64Array;
}

/** Undefined while no trial that reports has completed: how long trials are is then not known. */
export function pruningSavings(history: Trials): PruningSavings | undefined {
  const whole: number[] = [];
  const stopped: number[] = [];
  for (const number of history.ended) {
    const outcome = history.outcome(number);
    const length = history.reports(number);
    if (outcome === "pruned") stopped.push(length);
    else if ((outcome === "completed" || outcome === "infeasible") && length > 0) whole.push(length);
  }
  if (whole.length === 0) return undefined;
  const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);
  const full = quantileOf(Float64Array.from(whole).sort(), 0.5);
  const saved = sum(stopped.map((length) => Math.max(0, full - length)));
  const spent = sum(whole) + sum(stopped);
  const sorted = Float64Array.from(stopped).sort();
  return {
    completed: whole.length,
    pruned: stopped.length,
    spent,
    saved,
    share: spent + saved > 0 ? saved / (spent + saved) : 0,
    fullLength: full,
    stoppedReports: sum(stopped),
    stoppedAfter: Float64Array.from(stopped.length === 0 ? [] : [0.05, 0.25, 0.5, 0.75, 0.95], (p) =>
      quantileOf(sorted, p),
    ),
  };
}
