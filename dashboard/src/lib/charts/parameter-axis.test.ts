import { expect, test } from "vitest";
import type { Dimension } from "../data/spec.ts";
import { axisDomain, axisFormat, axisTicks, scatter, spreadPlace } from "./parameter-axis.ts";

const real: Dimension = {
  name: "x",
  kind: "real",
  low: 0,
  high: 10,
  log: false,
  choices: [],
};
const choice: Dimension = {
  ...real,
  kind: "categorical",
  low: 0,
  high: 2,
  choices: ["a", "b", "a long choice"],
};

test("numbers get room at their ends, choices a place of equal width each", () => {
  expect(axisDomain(real)).toEqual([-0.3, 10.3]);
  expect(axisDomain({ ...real, low: 1, high: 100, log: true })[0]).toBeCloseTo(100 ** -0.03, 9);
  expect(axisDomain(choice)).toEqual([-0.5, 2.5]);
  expect(axisTicks(choice)).toEqual([0, 1, 2]);
  expect([0, 2].map(axisFormat(choice))).toEqual(["a", "a long c…"]);
  expect(axisTicks(real)).toBeUndefined();
});

test("what has few values is spread within its place, always alike, and nothing else is moved", () => {
  for (let row = 0; row < 1_000; row++) {
    expect(Math.abs(scatter(row))).toBeLessThanOrEqual(0.5);
    expect(Math.abs(spreadPlace(choice, 1, row) - 1)).toBeLessThanOrEqual(0.25);
    expect(Math.abs(spreadPlace({ ...real, kind: "integer" }, 3, row) - 3)).toBeLessThan(0.181);
  }
  expect(spreadPlace(choice, 1, 7)).toBe(spreadPlace(choice, 1, 7));
  expect(spreadPlace(real, 3.5, 7)).toBe(3.5);
  expect(spreadPlace({ ...real, kind: "integer", high: 1_000 }, 3, 7)).toBe(3);
  expect(spreadPlace(choice, NaN, 7)).toBeNaN();
});
