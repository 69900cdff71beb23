import { expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import type { Parameter, Params } from "../space/parameter.ts";
import { contour, slice } from "./slices.ts";
import { fitSurrogate } from "./fit-surrogate.ts";
import { choice, historyOf, real, sampled } from "./testing/history-of.ts";

const parameters = [real("a", 0, 2), real("b"), choice("c", "p", "q")];
const goal = [{ name: "score", goal: "maximize" as const }];

test("a slice is the objective averaged over the other parameters, in its own direction", () => {
  const history = sampled(
    parameters,
    250,
    1,
    ({ a, b, c }) => [3 * Number(a) + Number(b) + (c === "q" ? 1 : 0)],
    goal,
  );
  const surrogate = fitSurrogate(history)!;
  const byA = slice(history, surrogate, 0);
  byA.values.forEach((value, at) => expect(byA.mean[at]).toBeCloseTo(3 * Number(value) + 0.5 + 0.5, 1));
  const byC = slice(history, surrogate, 2);
  expect(byC.values).toEqual(["p", "q"]);
  expect(byC.mean[1]! - byC.mean[0]!).toBeCloseTo(1, 1);
  byA.mean.forEach((mean, at) => {
    expect(byA.low[at]).toBeLessThanOrEqual(mean);
    expect(byA.high[at]).toBeGreaterThanOrEqual(mean);
  });
});

test("a contour shows how two parameters act together, whichever comes first", () => {
  const history = sampled(parameters, 300, 2, ({ a, b }) => [4 * (Number(a) - 1) * (Number(b) - 0.5)], goal);
  const surrogate = fitSurrogate(history)!;
  const { values, mean } = contour(history, surrogate, 1, 0);
  const columns = values[1].length;
  values[0].forEach((b, i) =>
    values[1].forEach((a, j) =>
      expect(Math.abs(mean[i * columns + j]! - 4 * (Number(a) - 1) * (Number(b) - 0.5))).toBeLessThan(0.1),
    ),
  );
});

test("jumps, which no smooth curve follows, go to the forest", () => {
  const jump = (value: unknown): number => Math.floor(5 * Number(value)) % 2;
  const history = sampled([real("a"), real("b")], 400, 3, ({ a, b }) => [jump(a) + 2 * jump(b)]);
  const surrogate = fitSurrogate(history)!;
  expect(surrogate.kind).toBe("forest");
  const { values, mean } = slice(history, surrogate, 1);
  const at = (b: number): number => mean[values.findIndex((value) => Number(value) > b)]!;
  expect(at(0.3) - at(0.1)).toBeGreaterThan(1.5);
  expect(at(0.3) - at(0.5)).toBeGreaterThan(1.5);
});

test("intervals are wide where there are no trials", () => {
  const history = sampled([real("a"), real("b")], 80, 4, ({ a }, number) => [
    Math.sin(4 * Number(a)) + 0.1 * Math.sin(number * 977),
  ]);
  const surrogate = fitSurrogate(history)!;
  const { mean, low, high } = slice(history, surrogate, 0);
  expect(mean.every(Number.isFinite)).toBe(true);
  expect(high[0]! - low[0]!).toBeGreaterThan(0.01);
});

test("beyond the trials that ended a function stays as it was, with room for either turn", () => {
  // Poor values of n are pruned: none above 7 has completed, and what a polynomial would make of 8 is of no use.
  const n: Parameter = {
    name: "n",
    domain: { kind: "integer", low: 1, high: 8, log: false, step: 1 },
    condition: undefined,
    default: undefined,
  };
  const loss = ({ x, n: units }: Params): number => 3 * (Number(x) - 0.3) ** 2 + Math.abs(Number(units) - 5);
  const stream = createStream(5, "beyond");
  const trials = Array.from({ length: 75 }, (_, number) => {
    const params = { x: stream.uniform(), n: 1 + (number % 7) };
    return { params, values: [loss(params)] };
  });
  const history = historyOf([real("x"), n], trials);
  const surrogate = fitSurrogate(history)!;
  expect(surrogate.kind).toBe("smooth");
  const { mean, low, high } = slice(history, surrogate, 1);
  expect(mean[7]).toBeCloseTo(mean[6]!, 6);
  const truth = mean[6]! + 1;
  expect(low[7]).toBeLessThan(mean[6]! - 0.5);
  expect(high[7]).toBeGreaterThan(truth);
  expect(high[7]! - low[7]!).toBeGreaterThan(5 * (high[6]! - low[6]!));

  const both = contour(history, surrogate, 1, 0);
  const at = both.mean.indexOf(Math.min(...both.mean));
  const best = both.values[0][Math.floor(at / both.values[1].length)];
  expect([4, 5, 6]).toContain(best);
});
