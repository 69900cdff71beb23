import type { History } from "../../history.ts";

/** What the ended trials say, in the order in which they ended. */
export interface Observations {
  /** Trials with a say on the objective. */
  readonly numbers: readonly number[];
  /** Their losses, smaller is better; Infinity where the trial failed. */
  readonly losses: Float64Array;
  /** Whether each may count as the best so far: completed, within the constraints. */
  readonly counts: readonly boolean[];
  /** Trials with a say on feasibility. */
  readonly judged: readonly number[];
  /** Their violations: 0 is feasible, more is worse, Infinity is a failure. */
  readonly violations: Float64Array;
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
  const counts: boolean[] = [];
  const judged: number[] = [];
  const violations: number[] = [];
  const add = (number: number, loss: number, isBestCandidate: boolean): void => {
    numbers.push(number);
    losses.push(loss);
    counts.push(isBestCandidate);
  };
  for (const number of ended) {
    const outcome = history.outcome(number);
    const loss = sign * history.values(number)[objective]!;
    const violation = history.violation(number);
    const isViolating = outcome === "infeasible" || violation > 0;
    if (isFailure(history, number)) {
      add(number, Infinity, false);
      if (failures >= FAILURES) judge(number, Infinity);
    } else if (outcome === "pruned") {
      // It was stopped for being bad, however good its last report looks beside final values. Curves are the first objective's.
      const { values } = history.curve(number);
      const last = objective === 0 ? sign * (values[values.length - 1] ?? NaN) : loss;
      add(number, Number.isFinite(last) ? Math.max(last, bad) : Infinity, false);
    } else {
      if (!Number.isNaN(loss)) add(number, loss === -Infinity ? best : loss, !isViolating && loss < Infinity);
      judge(number, isViolating ? (violation > 0 ? violation : Infinity) : 0);
    }
  }
  function judge(number: number, violation: number): void {
    judged.push(number);
    violations.push(violation);
  }
  return {
    numbers,
    losses: Float64Array.from(losses),
    counts,
    judged,
    violations: Float64Array.from(violations),
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
 * Targets of the feasibility model: −1 where feasible, above it from ½ by rank of the violation to 1½, so that the model
 * knows the direction in which violations shrink. Undefined when there is nothing to tell apart.
 */
export function feasibilityTargets(violations: Float64Array): Float64Array | undefined {
  const ranked = violations.filter((violation) => violation > 0).sort();
  if (ranked.length === 0) return undefined;
  return violations.map((violation) =>
    violation > 0 ? 0.5 + (ranked.indexOf(violation) + 1) / ranked.length : -1,
  );
}
