import { expect, test } from "vitest";
import { reachOf, typicalSlope, within } from "./reach.ts";
import { completedRows } from "./rows.ts";
import { choice, historyOf, real } from "./testing/history-of.ts";

test("a number reaches from the least to the greatest value that a completed trial had, choices reach everywhere", () => {
  const history = historyOf(
    [real("x", 0, 10), choice("c", "p", "q")],
    [
      { params: { x: 2, c: "p" }, values: [1] },
      { params: { x: 7, c: "p" }, values: [2] },
      { params: { x: 9, c: "p" }, outcome: "pruned", values: [3] },
    ],
  );
  const rows = completedRows(history);
  const [x, c] = history.space.dimensions;
  expect(reachOf(x!, rows)).toEqual({ low: 0.2, high: 0.7 });
  expect(reachOf(c!, rows)).toEqual({ low: 0, high: 1 });
});

test("what lies beyond is taken to the nearest end", () => {
  const reach = { low: 0.2, high: 0.7 };
  expect([0, 0.2, 0.5, 1].map((unit) => within(reach, unit))).toEqual([0.2, 0.2, 0.5, 0.7]);
});

test("a slope is that between grid points within reach", () => {
  const grid = Float64Array.of(0, 0.25, 0.5, 0.75, 1);
  const curve = Float64Array.of(100, 1, 2, 0, 100);
  // By hand: slopes of 4 and −8.
  expect(typicalSlope(grid, curve, { low: 0.25, high: 0.75 })).toBeCloseTo(Math.sqrt(40), 12);
  expect(typicalSlope(grid, curve, { low: 0.3, high: 0.6 })).toBe(0);
});
