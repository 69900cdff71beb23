import { expect, test } from "vitest";
import { contour, slice } from "./slices.ts";
import { fitSurrogate } from "./surrogate.ts";
import { choice, real, sampled } from "./testing/history-of.ts";

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
