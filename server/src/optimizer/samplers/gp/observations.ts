import type { History } from "../../history.ts";

/** What the ended trials say, in the order in which they ended. */
export interface Observations {
  /** Trials with a say on the objective. */
  readonly numbers: readonly number[];
  /** Their losses, smaller is better; Infinity where the trial failed. */
  readonly losses: Float64Array;
  /** Whether each may count as the best so far: completed, within the constraints. */
  readonly counts: readonly boolean[];
  /** By how much each exceeds the constraints in sum; 0 if it may count, Infinity if nobody knows. */
  readonly violations: Float64Array;
  /** Trials with a say on what else makes trials fail. */
  readonly judged: readonly number[];
  /** How they did: 0 is well, Infinity is a failure, and in between an excess over constraints that are not known one by one. */
  readonly faults: Float64Array;
}

/** Fewer failures than this are taken for chance. */
const FAILURES = 3;

/** A pruned trial counts as no better than the completed one at this share of their ranking. */
const PRUNED_AT = 0.8;

/** What the first `count` ended trials say about one of the objectives. */
export function observe(history: History, count: number, objective = 0): Observations {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  const ended = Array.from(history.ended.subarray(0, count));
  const completed: number[] = [];
  let failures = 0;
  for (const number of ended) {
    const loss = sign * history.values(number)[objective]!;
    if (history.outcome(number) === "completed" && Number.isFinite(loss)) completed.push(loss);
    if (isFailure(history, number)) failures++;
  }
  const bad = completed.toSorted((a, b) => a - b)[Math.floor(PRUNED_AT * completed.length)] ?? Infinity;
  const best = completed.reduce((least, loss) => Math.min(least, loss), Infinity);

  const numbers: number[] = [];
  const losses: number[] = [];
  const violations: number[] = [];
  const judged: number[] = [];
  const faults: number[] = [];
  const add = (number: number, loss: number, violation: number): void => {
    numbers.push(number);
    losses.push(loss);
    violations.push(violation);
  };
  const judge = (number: number, fault: number): void => {
    judged.push(number);
    faults.push(fault);
  };
  for (const number of ended) {
    const outcome = history.outcome(number);
    const loss = sign * history.values(number)[objective]!;
    if (isFailure(history, number)) {
      add(number, Infinity, Infinity);
      if (failures >= FAILURES) judge(number, Infinity);
    } else if (outcome === "pruned") {
      // It was stopped for being bad, however good its last report looks beside final values. Curves are the first objective's.
      const { values } = history.curve(number);
      const last = objective === 0 ? sign * (values[values.length - 1] ?? NaN) : loss;
      add(number, Number.isFinite(last) ? Math.max(last, bad) : Infinity, Infinity);
    } else {
      const told = history.violation(number);
      const violation = told > 0 ? told : outcome === "infeasible" ? Infinity : 0;
      const isUncounted = violation > 0 || loss === Infinity;
      if (!Number.isNaN(loss))
        add(number, loss === -Infinity ? best : loss, isUncounted ? violation || Infinity : 0);
      // What a constraint explains is left to that constraint's model.
      judge(number, violation > 0 && history.excesses(number).some((excess) => excess > 0) ? 0 : violation);
    }
  }
  return {
    numbers,
    losses: Float64Array.from(losses),
    violations: Float64Array.from(violations),
    counts: violations.map((violation) => violation === 0),
    judged,
    faults: Float64Array.from(faults),
  };
}

/** Those at some positions alone, in the order in which they ended; what makes trials fail is known from all. */
export function amongObservations(observed: Observations, positions: readonly number[]): Observations {
  const picks = positions.toSorted((a, b) => a - b);
  return {
    ...observed,
    numbers: picks.map((i) => observed.numbers[i]!),
    losses: Float64Array.from(picks, (i) => observed.losses[i]!),
    counts: picks.map((i) => observed.counts[i]!),
    violations: Float64Array.from(picks, (i) => observed.violations[i]!),
  };
}

/** Failed, or without a loss that is a number and not endlessly bad, in whatever objective. */
function isFailure(history: History, number: number): boolean {
  const outcome = history.outcome(number);
  if (outcome !== "completed") return outcome === "failed";
  const values = history.values(number);
  return history.objectives.some(({ goal }, j) => {
    const worst = goal === "maximize" ? -Infinity : Infinity;
    return Number.isNaN(values[j]!) || values[j] === worst;
  });
}

/**
 * Targets of the model of failures: −1 where a trial did well, above it from ½ by rank of the fault to 1½, so that the model knows
 * the direction in which faults shrink. Undefined when there is nothing to tell apart.
 */
export function faultTargets(faults: Float64Array): Float64Array | undefined {
  const ranked = faults.filter((fault) => fault > 0).sort();
  if (ranked.length === 0) return undefined;
  return faults.map((fault) => (fault > 0 ? 0.5 + (ranked.indexOf(fault) + 1) / ranked.length : -1));
}
