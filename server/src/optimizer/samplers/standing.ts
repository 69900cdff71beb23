import type { History } from "../history.ts";

/**
 * Where an ended trial stands: completed ones before pruned ones (by how far they came, then by their last value), those before
 * infeasible ones (by violation). Completed ones stand by their losses, of which `first` is the first.
 */
export interface Standing {
  readonly number: number;
  readonly group: "completed" | "pruned" | "infeasible";
  readonly first: number;
  readonly second: number;
}

const GROUPS: readonly Standing["group"][] = ["completed", "pruned", "infeasible"];

/** Undefined for trials that failed or whose values are not numbers: they have no place among the others. */
export function standingOf(history: History, number: number): Standing | undefined {
  const outcome = history.outcome(number);
  const violation = history.violation(number);
  if (outcome === "infeasible" || (outcome === "completed" && violation > 0)) {
    return { number, group: "infeasible", first: Number.isNaN(violation) ? Infinity : violation, second: 0 };
  }
  if (outcome === "pruned") {
    const { steps, values } = history.curve(number);
    const step = steps[steps.length - 1];
    const value = (history.objectives[0]?.goal === "maximize" ? -1 : 1) * (values[values.length - 1] ?? NaN);
    const last = Number.isNaN(value) ? Infinity : value;
    return {
      number,
      group: "pruned",
      first: step === undefined ? Infinity : -step,
      second: step === undefined ? 0 : last,
    };
  }
  if (outcome !== "completed") return undefined;
  const losses = lossesOf(history, number);
  return losses.some(Number.isNaN)
    ? undefined
    : { number, group: "completed", first: losses[0] ?? 0, second: 0 };
}

/** Sorts the better one first; ties by trial number. Of several losses it sees only the first. */
export function compareStandings(a: Standing, b: Standing): number {
  if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  if (a.second !== b.second) return a.second < b.second ? -1 : 1;
  return a.number - b.number;
}

/** Values turned so that smaller is better. */
export function lossesOf(history: History, number: number): readonly number[] {
  const values = history.values(number);
  return history.objectives.map(({ goal }, index) =>
    goal === "maximize" ? -values[index]! : values[index]!,
  );
}
