import { createStream } from "../../../server/src/optimizer/numerics/stream.ts";
import { signedRankTest } from "../../../server/src/optimizer/pruners/signed-rank.ts";
import type { Trace } from "./simulate.ts";

/** A run that never found anything allowed, or that is worse than ten random trials by half, counts as this. */
const WORST = 1.5;

/** What a score is measured by: 0 is the optimum, 1 what ten random trials reach. */
export interface Scale {
  readonly optimum: number;
  readonly random: number;
}

/** Normalised regret after so many trials. */
export function regretAt(trace: Trace, trials: number, { optimum, random }: Scale): number {
  const score = trace.findLast(([ended]) => ended <= trials)?.[1] ?? Infinity;
  return Math.min(WORST, Math.max(0, (score - optimum) / Math.max(random - optimum, 1e-12)));
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Ranks from 1, the smallest first; ties share their mean. */
export function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return below + (same + 1) / 2;
  });
}

/** Two arms on the same problems and seeds. */
export interface Pair {
  readonly problem: string;
  readonly ours: number;
  readonly theirs: number;
}

export interface Comparison {
  /** Problems by medians over the seeds. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Of mean regrets, with the 95 % interval of a bootstrap that draws problems, each with all its seeds. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** One-sided Wilcoxon signed-rank test over the problems: how likely so many wins are if neither is better. */
  readonly p: number;
}

/** Regrets that differ by less than this are equal: both have found the optimum. */
const EQUAL = 1e-4;

export function compare(pairs: readonly Pair[]): Comparison {
  const byProblem = [...Map.groupBy(pairs, ({ problem }) => problem).values()];
  const differences = byProblem.map((own) => {
    const difference = median(own.map(({ theirs }) => theirs)) - median(own.map(({ ours }) => ours));
    return Math.abs(difference) < EQUAL ? 0 : difference;
  });
  const ratioOf = (clusters: readonly (readonly Pair[])[]): number => {
    const all = clusters.flat();
    return mean(all.map(({ ours }) => ours)) / mean(all.map(({ theirs }) => theirs));
  };
  const stream = createStream(1, "bootstrap");
  const ratios = Array.from({ length: 2_000 }, () =>
    ratioOf(byProblem.map(() => byProblem[stream.integer(byProblem.length)]!)),
  ).sort((a, b) => a - b);
  return {
    wins: differences.filter((difference) => difference > 0).length,
    ties: differences.filter((difference) => difference === 0).length,
    losses: differences.filter((difference) => difference < 0).length,
    ratio: ratioOf(byProblem),
    low: ratios[49]!,
    high: ratios[1949]!,
    p: signedRankTest(differences),
  };
}

/** Holm's correction of several tests' p-values (Scandinavian Journal of Statistics 6, 1979). */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((i, place) => {
    largest = Math.max(largest, Math.min(1, ps[i]! * (ps.length - place)));
    corrected[i] = largest;
  });
  return corrected;
}
