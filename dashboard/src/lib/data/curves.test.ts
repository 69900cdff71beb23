import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { TrialSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { curveOf, curveWithin, medianCurve, smooth } from "./curves.ts";

test("a curve is ordered by step and holds finite values only", () => {
  const trial = create(TrialSchema, {
    number: 4,
    measurements: [
      { step: 2, values: [0.5] },
      { step: 0, values: [0.9] },
      { step: 1, values: [NaN] },
    ],
  });
  const curve = curveOf(trial, 0);
  expect([...curve!.x]).toEqual([0, 2]);
  expect([...curve!.y]).toEqual([0.9, 0.5]);
  expect(curveOf(trial, 1)).toBeUndefined();
});

test("the median is taken where at least three curves reach", () => {
  const curve = (y: number[]) => ({
    row: 0,
    state: 3,
    x: Float64Array.from(y.keys()),
    y: Float64Array.from(y),
  });
  expect(medianCurve([curve([1, 2, 3]), curve([3, 4]), curve([2, 9]), curve([8])])).toEqual({
    x: [0, 1],
    y: [2.5, 4],
  });
});

test("smoothing keeps a constant and its first value", () => {
  expect([...smooth([2, 2, 2], 0.9)].map((v) => Number(v.toFixed(9)))).toEqual([2, 2, 2]);
  expect(smooth([5, 1], 0.5)[0]).toBe(5);
  // (0.5 * 0.5 * 5 + 0.5 * 1) / (1 - 0.25)
  expect(smooth([5, 1], 0.5)[1]).toBeCloseTo(7 / 3, 12);
});

test("a part of a curve ends on the curve's own line, between its reports", () => {
  const curve = { row: 3, state: 3, x: Float64Array.of(0, 10, 20), y: Float64Array.of(4, 2, 0) };
  const part = (from: number, to: number) => {
    const found = curveWithin(curve, [from, to]);
    return found && [...found.x].map((x, i) => [x, found.y[i]]);
  };
  expect(part(5, 20)).toEqual([
    [5, 3],
    [10, 2],
    [20, 0],
  ]);
  expect(part(12, 18)).toEqual([
    [12, 1.6],
    [18, expect.closeTo(0.4, 12)],
  ]);
  expect(part(-5, 0)).toEqual([[0, 4]]);
  expect(part(21, 30)).toBeUndefined();
});
