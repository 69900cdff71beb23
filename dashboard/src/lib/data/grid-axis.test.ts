import { describe, expect, test } from "vitest";
import { createGridAxis } from "./grid-axis.ts";
import type { Dimension } from "./spec.ts";

const real: Dimension = {
  name: "x",
  kind: "real",
  low: 0,
  high: 8,
  log: false,
  choices: [],
};

test("slices of a range: a value lies where its share of the range says", () => {
  const axis = createGridAxis(real, [1, 3, 5, 7]);
  expect(axis.isEven).toBe(true);
  expect([0, 1, 4, 8, 9, NaN].map(axis.position)).toEqual([0, 0.5, 2, 4, 4, NaN]);
  expect(axis.ticks(4, [0, axis.count])).toEqual([
    { position: 0, label: "0" },
    { position: 1, label: "2" },
    { position: 2, label: "4" },
    { position: 3, label: "6" },
    { position: 4, label: "8" },
  ]);
  expect(axis.ticks(4, [1, 2])).toEqual([
    { position: 1, label: "2" },
    { position: 1.25, label: "2.5" },
    { position: 1.5, label: "3" },
    { position: 1.75, label: "3.5" },
    { position: 2, label: "4" },
  ]);
  expect(axis.label(1)).toBe("3");
});

test("on a logarithmic range it is the share of the logarithms", () => {
  const axis = createGridAxis({ ...real, low: 0.01, high: 100, log: true }, [0.0316, 0.316, 3.16, 31.6]);
  expect(axis.position(1)).toBeCloseTo(2, 12);
  expect(axis.position(0.1)).toBeCloseTo(1, 12);
  expect(axis.ticks(5, [0, axis.count]).map(({ label }) => label)).toEqual(["0.01", "0.1", "1", "10", "100"]);
});

describe("every value of its own", () => {
  test("few whole numbers lie in the middles of their cells", () => {
    const axis = createGridAxis({ ...real, kind: "integer", low: 1, high: 4 }, [1, 2, 3, 4]);
    expect(axis.isEven).toBe(false);
    expect([1, 2, 4].map(axis.position)).toEqual([0.5, 1.5, 3.5]);
    expect(axis.ticks(2, [0, axis.count])).toEqual([
      { position: 0.5, label: "1" },
      { position: 2.5, label: "3" },
    ]);
    expect(axis.ticks(2, [1, 3]).map(({ label }) => label)).toEqual(["2", "3"]);
  });

  test("so do choices, whose names are cut", () => {
    const choices = ["adam", "a name that is very long", true];
    const axis = createGridAxis({ ...real, kind: "categorical", low: 0, high: 2, choices }, choices);
    expect([0, 2].map(axis.position)).toEqual([0.5, 2.5]);
    expect(axis.ticks(9, [0, axis.count]).map(({ label }) => label)).toEqual(["adam", "a name th…", "true"]);
    expect(axis.label(1)).toBe("a name that is very long");
  });

  test("a single value is a single cell", () => {
    const axis = createGridAxis({ ...real, low: 3, high: 3 }, [3]);
    expect([axis.count, axis.position(3), axis.ticks(3, [0, axis.count])]).toEqual([
      1,
      0.5,
      [{ position: 0.5, label: "3" }],
    ]);
  });
});
