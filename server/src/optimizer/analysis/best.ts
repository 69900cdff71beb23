import type { Trials } from "../history.ts";

/** The best trial so far of the first objective and how long it has stood, for stopping rules and displays. */
export interface Best {
  /** Number of the best completed, feasible trial; −1 before there is one. Of equals, the one that ended first. */
  readonly number: number;
  /** Its value as told; NaN before there is one. */
  readonly value: number;
  /** How many trials, whatever their outcome, have ended after it; all ended ones before there is a best. */
  readonly endedSince: number;
  /** How many ended trials this takes into account. */
  readonly position: number;
}

export const NO_BEST: Best = { number: -1, value: NaN, endedSince: 0, position: 0 };

/** Brings a previous answer up to date with the trials that ended since; start from NO_BEST. */
export function updateBest(previous: Best, history: Trials): Best {
  const sign = history.objectives[0]?.goal === "maximize" ? -1 : 1;
  const { ended } = history;
  let { number, value, endedSince } = previous;
  for (let position = previous.position; position < ended.length; position++) {
    const candidate = ended[position]!;
    endedSince++;
    if (history.outcome(candidate) !== "completed" || history.violation(candidate) > 0) continue;
    const candidateValue = history.values(candidate)[0] ?? NaN;
    if (Number.isNaN(candidateValue)) continue;
    if (number >= 0 && sign * candidateValue >= sign * value) continue;
    number = candidate;
    value = candidateValue;
    endedSince = 0;
  }
  return { number, value, endedSince, position: ended.length };
}
