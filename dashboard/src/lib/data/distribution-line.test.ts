import { expect, test } from "vitest";
import { distributionSteps } from "./distribution-line.ts";

test("where less is better, the share grows from value to value", () => {
  expect(distributionSteps([1, 2, 4], [0.25, 0.75, 1], 1)).toEqual({
    x: [1, 2, 4],
    y: [0.25, 0.75, 1],
    end: 4,
  });
});

test("where more is better, it falls from all of the trials to none beyond the best", () => {
  // One trial of 9, two of 5, one of 3.
  expect(distributionSteps([9, 5, 3], [0.25, 0.75, 1], -1)).toEqual({
    x: [3, 3, 5, 9],
    y: [1, 0.75, 0.25, 0],
    end: 9,
  });
});

test("without trials there is no line", () => {
  expect(distributionSteps([], [], 1)).toEqual({ x: [], y: [], end: 0 });
  expect(distributionSteps([], [], -1).y).toEqual([]);
});
