import { expect, test } from "vitest";
import { bestProgress } from "./progress.ts";
import { historyOf, real } from "./testing/history-of.ts";

const at = (value: number, rest = {}) => ({ params: { x: 0.5 }, values: [value], ...rest });

test("each improvement is named with its place among the ended trials", () => {
  const trials = [
    at(5),
    at(9),
    at(1, { outcome: "failed" as const }),
    at(3),
    at(3),
    at(NaN),
    at(2, { violation: 1 }),
    at(-Infinity),
  ];
  const { numbers, positions, values } = bestProgress(historyOf([real("x")], trials));
  expect([...numbers]).toEqual([0, 3, 7]);
  expect([...positions]).toEqual([1, 4, 8]);
  expect([...values]).toEqual([5, 3, -Infinity]);
});

test("where more is better, the best grows", () => {
  const history = historyOf([real("x")], [at(1), at(0), at(4)], [{ name: "y", goal: "maximize" }]);
  expect([...bestProgress(history).values]).toEqual([1, 4]);
});

test("of very many improvements the last one stays", () => {
  const falling = Array.from({ length: 1_000 }, (_, number) => at(-number));
  const { values } = bestProgress(historyOf([real("x")], falling), { limit: 10 });
  expect([...values]).toEqual([-99, -199, -299, -399, -499, -599, -699, -799, -899, -999]);
  expect(bestProgress(historyOf([real("x")], [])).values).toHaveLength(0);
});
