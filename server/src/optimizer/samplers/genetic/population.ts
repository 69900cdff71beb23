import type { History } from "../../history.ts";
import { compareStandings, lossesOf, type Standing, standingOf } from "../standing.ts";
import { frontsOf } from "./fronts.ts";

/** A trial that may become a parent. */
export interface Member {
  readonly number: number;
  /** 0 is best: the front among completed trials; pruned and then infeasible trials follow one by one. */
  readonly rank: number;
  /** Between members of a rank the one with more room around it is better. */
  readonly room: number;
}

/** Members of one rank, and how many of them have a place beside those that were taken already. */
export type Thin = (
  history: History,
  taken: readonly number[],
  rank: readonly number[],
  places: number,
) => readonly { readonly number: number; readonly room: number }[];

export interface Population {
  readonly members: readonly Member[];
  /** Results that count, and how often so many as a generation has have come. */
  readonly results: number;
  readonly generation: number;
}

/**
 * Follows a history. A generation is `size` results in the order in which they ended, whoever asked for them and when; its survivors
 * are the best `size` of the previous survivors and its own. The members are the survivors of what has ended so far, so that each
 * result counts from the next suggestion on, however many trials run at once. Failed trials do not count.
 */
export function createPopulation(size: number, thin: Thin): (history: History) => Population {
  let owner: History | undefined;
  let position = 0;
  let results = 0;
  let survivors: readonly number[] = [];
  let arrived: number[] = [];
  let members: readonly Member[] = [];
  return (history) => {
    if (owner !== history) [owner, position, results, survivors, arrived] = [history, 0, 0, [], []];
    const { ended } = history;
    if (position === ended.length && position > 0) return { members, results, generation: generation() };
    for (; position < ended.length; position++) {
      const number = ended[position]!;
      if (standingOf(history, number) === undefined) continue;
      results++;
      arrived.push(number);
      if (arrived.length < size) continue;
      survivors = survive(history, [...survivors, ...arrived], size, thin).map((member) => member.number);
      arrived = [];
    }
    members = survive(history, [...survivors, ...arrived], size, thin);
    return { members, results, generation: generation() };
  };
  function generation(): number {
    return Math.floor(results / size);
  }
}

/** The best `size` of some trials that stand somewhere: rank by rank, the rank that does not fit whole thinned. */
function survive(history: History, numbers: readonly number[], size: number, thin: Thin): readonly Member[] {
  const members: Member[] = [];
  const taken: number[] = [];
  ranked(history, numbers).every((rank, index) => {
    const places = size - members.length;
    for (const { number, room } of thin(history, taken, rank, Math.min(places, rank.length))) {
      members.push({ number, room, rank: index });
    }
    taken.push(...rank);
    return members.length < size;
  });
  return members;
}

/** Trials by rank, the best rank first: feasible ones dominate all others (Deb et al., 2002, section VI). */
function ranked(history: History, numbers: readonly number[]): readonly (readonly number[])[] {
  const standings = numbers.flatMap((number) => standingOf(history, number) ?? []);
  const completed = standings.filter(({ group }) => group === "completed").map(({ number }) => number);
  const fronts: number[][] = [];
  frontsOf(completed.map((number) => lossesOf(history, number))).forEach((front, i) => {
    (fronts[front] ??= []).push(completed[i]!);
  });
  const others: Standing[] = standings.filter(({ group }) => group !== "completed");
  return [...fronts, ...others.sort(compareStandings).map(({ number }) => [number])];
}
