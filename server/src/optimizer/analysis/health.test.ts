import { expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { healthHints } from "./health.ts";
import { pruningSavings } from "./pruning-savings.ts";
import { fitSurrogate } from "./fit-surrogate.ts";
import { choice, historyOf, real, sampled } from "./testing/history-of.ts";

const kinds = (...input: Parameters<typeof healthHints>): string[] =>
  healthHints(...input).map(({ kind }) => kind);
const failed = { params: { x: 0.5 }, outcome: "failed" as const };

test("a sound study gets no hint", () => {
  const history = sampled([real("x"), choice("c", "p", "q")], 100, 1, ({ x }) => [(Number(x) - 0.4) ** 2]);
  expect(healthHints(history, fitSurrogate(history))).toEqual([]);
});

test("failures are named when they are many", () => {
  expect(kinds(historyOf([real("x")], new Array(6).fill(failed)))).toEqual(["all-failed"]);
  const some = [1, 2, 3, 4].map((value) => ({ params: { x: value / 9 }, values: [value] }));
  expect(kinds(historyOf([real("x")], [...some, failed, failed, failed]))).toEqual(["many-failed"]);
  expect(kinds(historyOf([real("x")], [...some, failed]))).toEqual([]);
});

test("a study without a feasible trial says so", () => {
  const infeasible = { params: { x: 0.5 }, outcome: "infeasible" as const, values: [1], violation: 2 };
  expect(
    kinds(historyOf([real("x")], [...new Array(5).fill(infeasible), { ...infeasible, values: [2] }])),
  ).toEqual(["all-infeasible"]);
});

test("an objective that never changes is noticed", () => {
  expect(kinds(sampled([real("x")], 12, 1, () => [3]))).toEqual(["constant-objective"]);
});

test("a parameter whose best trials lie at its bound is named, with the bound", () => {
  const history = sampled([real("x", 0, 8), real("y")], 200, 2, ({ x }) => [-Number(x)]);
  const [hint, ...others] = healthHints(history);
  expect(others).toEqual([]);
  expect(hint).toMatchObject({ kind: "at-bound", parameter: "x" });
  expect(hint!.message).toContain("upper bound of x (8)");
});

test("repeated points are noticed", () => {
  const history = sampled([choice("c", "p", "q")], 40, 3, ({ c }) => [c === "p" ? 1 : 2]);
  expect(kinds(history)).toEqual(["duplicates"]);
});

test("noise is measured at repeated points, or seen from a model that explains nothing", () => {
  const stream = createStream(5);
  const repeated = sampled([choice("c", "p", "q")], 40, 3, () => [stream.normal()]);
  expect(kinds(repeated)).toContain("noise");
  const pure = sampled([real("x"), real("y")], 100, 4, () => [stream.normal()]);
  expect(kinds(pure, fitSurrogate(pure))).toEqual(["noise"]);
});

test("tens of thousands of trials at two points are looked through once", () => {
  const repeated = sampled([choice("c", "p", "q")], 20_000, 6, (_, number) => [number % 100]);
  const begin = process.cpuUsage();
  expect(kinds(repeated)).toEqual(["duplicates", "noise"]);
  // 0.1 s here; comparing each with all at its point takes 8 s.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(3);
});

test("savings are what the stopped trials would have made besides", () => {
  const curve = (length: number) => {
    const steps = Array.from({ length }, (_, step) => step);
    return { steps, values: steps };
  };
  const history = historyOf(
    [real("x")],
    [
      { params: { x: 0 }, values: [1], curve: curve(10) },
      { params: { x: 0 }, values: [1], curve: curve(2), outcome: "pruned" as const },
      { params: { x: 0 }, values: [1], curve: curve(3), outcome: "pruned" as const },
      { params: { x: 0 }, values: [], curve: curve(1), outcome: "failed" as const },
    ],
  );
  expect(pruningSavings(history)).toMatchObject({
    completed: 1,
    pruned: 2,
    spent: 15,
    saved: 15,
    share: 0.5,
  });
  expect(pruningSavings(historyOf([real("x")], []))).toBeUndefined();
});
