import { expect, test } from "vitest";
import { createHistory, type Objective, type Result } from "../../history.ts";
import { createSpace } from "../../space/space.ts";
import { createRanking } from "./ranking.ts";

const one: readonly Objective[] = [{ name: "loss", goal: "minimize" }];

function rank(objectives: readonly Objective[], results: readonly Partial<Result>[]) {
  const history = createHistory(createSpace([]), objectives);
  const ranking = createRanking(history);
  results.forEach((result, number) => {
    history.addPending(number, {});
    const curve = { steps: [], values: [] };
    history.end(number, {
      outcome: "completed",
      values: [],
      violation: 0,
      curve,
      revision: number,
      ...result,
    });
    ranking.add(number);
  });
  return ranking;
}
const told = (...values: number[]): Partial<Result> => ({ values });
const poor = (count: number): Partial<Result>[] => Array.from({ length: count }, () => told(1e9));

test("a tenth of the ranked trials is good, rounded up, at most 25", () => {
  for (const [count, good] of [
    [0, 0],
    [1, 1],
    [10, 1],
    [11, 2],
    [249, 25],
    [400, 25],
  ] as const) {
    const ranking = rank(
      one,
      Array.from({ length: count }, (_, at) => told(-at)),
    );
    expect(ranking.good()).toEqual(Array.from({ length: good }, (_, at) => count - 1 - at));
  }
});

test("completed trials come before pruned ones, those before infeasible ones; failed ones and NaN have no rank", () => {
  const curve = (steps: number[], values: number[]): Partial<Result> => ({
    outcome: "pruned",
    curve: { steps, values },
  });
  const results: Partial<Result>[] = [
    { outcome: "infeasible", values: [0], violation: 2 }, // 0
    { outcome: "completed", values: [0], violation: 1 }, // 1: infeasible too
    curve([], []), // 2
    curve([1, 2], [5, 6]), // 3
    curve([1, 2], [5, 4]), // 4
    curve([1, 2, 3], [9, 9]), // 5
    curve([1, 2, 3], [9, NaN]), // 6
    told(7), // 7
    told(-Infinity), // 8
    told(Infinity), // 9
    told(NaN),
    { outcome: "failed" },
  ];
  // Enough failures change nothing; enough ranked trials at the very end make the whole order good.
  const tail = Array.from({ length: 90 }, (): Partial<Result> => ({ outcome: "infeasible", violation: 9 }));
  const ranking = rank(one, [...results, ...tail]);
  expect(ranking.count).toBe(100);
  expect(ranking.good()).toEqual([8, 7, 9, 5, 6, 4, 3, 2, 1, 0]);
});

test("maximising turns the order", () => {
  expect(rank([{ name: "score", goal: "maximize" }], [told(1), told(3), told(2)]).good()).toEqual([1]);
});

test("with several objectives the non-dominated come first, by each objective's own goal", () => {
  const objectives: readonly Objective[] = [...one, { name: "score", goal: "maximize" }];
  const ranking = rank(objectives, [
    told(5, 5),
    told(1, 1),
    told(2, 2),
    told(3, 1),
    told(NaN, 9),
    ...poor(25),
  ]);
  // Trials without a second value have no rank.
  expect(ranking.count).toBe(4);
  const more = rank(objectives, [
    told(5, 5),
    told(1, 1),
    told(2, 2),
    told(3, 1),
    ...Array.from({ length: 26 }, () => told(9, 0)),
  ]);
  expect(more.good().toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
});
