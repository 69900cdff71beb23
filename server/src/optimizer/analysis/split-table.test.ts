import { expect, test } from "vitest";
import { splitTable } from "./split-table.ts";

test("a table is its mean, its rows, its columns and what they do to each other", () => {
  // By hand: rows of probability 1/4 and 3/4, columns of 1/2 each.
  const split = splitTable(
    Float64Array.of(1, 3, 5, 15),
    Float64Array.of(0.25, 0.75),
    Float64Array.of(0.5, 0.5),
  );
  expect(split.mean).toBe(8);
  expect([...split.rows]).toEqual([-6, 2]);
  expect([...split.columns]).toEqual([-4, 4]);
  expect([...split.rest]).toEqual([3, -3, -1, 1]);
  expect(split.variance).toBe(0.25 * 9 + 0.75 * 1);
});

test("effects that add up leave no rest", () => {
  const weights = Float64Array.of(0.2, 0.5, 0.3);
  const table = Float64Array.from({ length: 9 }, (_, at) => 2 * Math.floor(at / 3) - (at % 3) ** 2);
  expect(splitTable(table, weights, weights).variance).toBeCloseTo(0, 20);
});
