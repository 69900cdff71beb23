import { paretoOrder } from "../../analysis/pareto-order.ts";
import type { History } from "../../history.ts";
import { compareStandings, lossesOf, type Standing, standingOf } from "../standing.ts";

/**
 * Orders the ended trials from good to bad, as they stand, brought up to date trial by trial. A function of the history alone.
 */
export interface Ranking {
  /** How many ended trials have a rank. */
  readonly count: number;
  /** Takes in a trial that has ended. */
  add(number: number): void;
  /** The good ones, best first: a tenth of those ranked, at most 25, or 100 with several objectives. */
  good(): readonly number[];
}

export function createRanking(history: History): Ranking {
  const several = history.objectives.length > 1;
  const most = several ? 100 : 25;
  /** The best `most`; with several objectives all completed ones are kept apart, since newcomers reorder them. */
  const best: Standing[] = [];
  const completed: number[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(number) {
      const standing = standingOf(history, number);
      if (standing === undefined) return;
      count++;
      if (several && standing.group === "completed") completed.push(number);
      else insert(best, standing, most);
    },
    good() {
      const size = Math.min(Math.ceil(0.1 * count), most);
      const front = several ? paretoOrder(completed, (number) => lossesOf(history, number), size) : [];
      return [...front, ...best.map(({ number }) => number)].slice(0, size);
    },
  };
}

function insert(best: Standing[], standing: Standing, most: number): void {
  let position = best.length;
  while (position > 0 && compareStandings(standing, best[position - 1]!) < 0) position--;
  best.splice(position, 0, standing);
  if (best.length > most) best.pop();
}
