import { paretoOrder } from "../../analysis/pareto-order.ts";
import type { History } from "../../history.ts";

/**
 * Orders the ended trials from good to bad, brought up to date trial by trial: completed ones first, then pruned ones
 * (by how far they came, then by their last value), then infeasible ones (by violation). Failed trials and values
 * that are not numbers have no rank. A function of the history alone.
 */
export interface Ranking {
  /** How many ended trials have a rank. */
  readonly count: number;
  /** Takes in a trial that has ended. */
  add(number: number): void;
  /** The good ones, best first: a tenth of those ranked, at most 25, or 100 with several objectives. */
  good(): readonly number[];
}

/** Sorts before, by class and then by two numbers; ties by trial number. */
interface Entry {
  readonly number: number;
  readonly group: "completed" | "pruned" | "infeasible";
  readonly first: number;
  readonly second: number;
}

const GROUPS: readonly Entry["group"][] = ["completed", "pruned", "infeasible"];

export function createRanking(history: History): Ranking {
  const several = history.objectives.length > 1;
  const most = several ? 100 : 25;
  /** The best `most` entries; with several objectives all completed ones are kept apart, since newcomers reorder them. */
  const best: Entry[] = [];
  const completed: number[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(number) {
      const entry = describe(history, number);
      if (entry === undefined) return;
      count++;
      if (several && entry.group === "completed") completed.push(number);
      else insert(best, entry, most);
    },
    good() {
      const size = Math.min(Math.ceil(0.1 * count), most);
      const front = several ? paretoOrder(completed, (number) => losses(history, number), size) : [];
      return [...front, ...best.map(({ number }) => number)].slice(0, size);
    },
  };
}

function insert(best: Entry[], entry: Entry, most: number): void {
  let position = best.length;
  while (position > 0 && compare(entry, best[position - 1]!) < 0) position--;
  best.splice(position, 0, entry);
  if (best.length > most) best.pop();
}

function compare(a: Entry, b: Entry): number {
  if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  if (a.second !== b.second) return a.second < b.second ? -1 : 1;
  return a.number - b.number;
}

function describe(history: History, number: number): Entry | undefined {
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
  const values = losses(history, number);
  return values.some(Number.isNaN)
    ? undefined
    : { number, group: "completed", first: values[0] ?? 0, second: 0 };
}

/** Values turned so that smaller is better. */
function losses(history: History, number: number): readonly number[] {
  const values = history.values(number);
  return history.objectives.map(({ goal }, index) =>
    goal === "maximize" ? -values[index]! : values[index]!,
  );
}
