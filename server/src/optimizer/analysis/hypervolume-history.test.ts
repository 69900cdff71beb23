import { expect, test } from "vitest";
import type { Objective } from "../history.ts";
import { createStream } from "../numerics/stream.ts";
import { hypervolumeHistory } from "./hypervolume-history.ts";
import { hypervolume } from "./hypervolume.ts";
import { historyOf, real } from "./testing/history-of.ts";

const objectives = (width: number): Objective[] =>
  Array.from({ length: width }, (_, j) => ({ name: `f${j}`, goal: j === 1 ? "maximize" : "minimize" }));

/** Random trials, their objectives on a hill so that fronts are large. */
function study(width: number, count: number, seed = 1) {
  const stream = createStream(seed);
  const rows = Array.from({ length: count }, () => {
    const row = Array.from({ length: width }, () => Math.abs(stream.normal()));
    const length = Math.hypot(...row) * (1 + 0.2 * stream.uniform());
    return row.map((value, j) => (j === 1 ? value / length : 1 - value / length));
  });
  return historyOf(
    [real("x")],
    rows.map((values) => ({ params: { x: 0.5 }, values })),
    objectives(width),
  );
}

test.for([2, 3])("with %i objectives each entry is the volume of the trials up to it", (width) => {
  const history = study(width, 60);
  const { numbers, volumes, reference, isExact } = hypervolumeHistory(history)!;
  expect(isExact).toBe(true);
  const losses = (values: ArrayLike<number>): number[] => Array.from(values, (v, j) => (j === 1 ? -v : v));
  expect(numbers).toHaveLength(60);
  numbers.forEach((number, at) => {
    const upTo = Array.from({ length: number + 1 }, (_, n) => losses(history.values(n))).flat();
    expect(volumes[at]).toBeCloseTo(hypervolume(Float64Array.from(upTo), losses(reference)), 9);
  });
});

test("large fronts of four objectives are estimated within a hundredth", () => {
  const history = study(4, 90);
  const estimate = hypervolumeHistory(history)!;
  expect(estimate.isExact).toBe(false);
  const losses = [...history.ended].flatMap((n) =>
    Array.from(history.values(n), (v, j) => (j === 1 ? -v : v)),
  );
  const reference = Array.from(estimate.reference, (v, j) => (j === 1 ? -v : v));
  const exact = hypervolume(Float64Array.from(losses), reference);
  expect(Math.abs(estimate.volumes.at(-1)! / exact - 1)).toBeLessThan(0.01);
});

test("failed and infeasible trials add nothing, and one objective has no volume", () => {
  const trials = [
    { params: { x: 0 }, values: [1, 1] },
    { params: { x: 0 }, values: [0, 9], outcome: "infeasible" as const, violation: 1 },
    { params: { x: 0 }, values: [], outcome: "failed" as const },
    { params: { x: 0 }, values: [NaN, 2] },
  ];
  const { numbers, volumes } = hypervolumeHistory(historyOf([real("x")], trials, objectives(2)), {
    reference: [2, 0],
  })!;
  expect([...numbers]).toEqual([0]);
  expect([...volumes]).toEqual([1]);
  expect(hypervolumeHistory(historyOf([real("x")], [{ params: { x: 0 }, values: [1] }]))).toBeUndefined();
});

test.for([2, 3, 5])("10,000 trials with %i objectives take under a second of computing", (width) => {
  const history = study(width, 10_000);
  const begin = process.cpuUsage();
  hypervolumeHistory(history);
  // Under half a second here; a slow machine takes several times as long.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(4);
});

test("fronts of eight objectives take under a second of computing, however small they are", () => {
  const random = createStream(9);
  const trials = Array.from({ length: 40 }, () => {
    const values = Array.from({ length: 8 }, () => Math.abs(random.normal()));
    const length = Math.hypot(...values);
    return { params: { x: 0 }, values: values.map((value, j) => (j === 1 ? -value : value) / length) };
  });
  const begin = process.cpuUsage();
  const { volumes } = hypervolumeHistory(historyOf([real("x")], trials, objectives(8)))!;
  expect(volumes.at(-1)!).toBeGreaterThan(0);
  // 0.05 s here; exactly it would take 14 s.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(4);
});
