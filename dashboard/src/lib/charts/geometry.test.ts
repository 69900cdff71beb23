import { describe, expect, test } from "vitest";
import { addSegment, createDensity, paintDensity } from "./density.ts";
import { parseRgb } from "./parse-rgb.ts";
import { nearestCurve, nearestPoint } from "./nearest.ts";

const same = (value: number): number => value;

describe("the nearest point", () => {
  const x = [0, 10, 10, 50];
  const y = [0, 10, 14, 50];

  test("is the closest on the screen, of equals the later, and none beyond the radius", () => {
    expect(nearestPoint(x, y, same, same, [9, 11])).toBe(1);
    expect(nearestPoint(x, y, same, same, [10, 12])).toBe(2);
    expect(nearestPoint(x, y, same, same, [30, 30], 10)).toBe(-1);
  });

  test("is measured after scaling", () => {
    expect(nearestPoint(x, y, (v) => v * 10, same, [490, 45])).toBe(3);
  });
});

test("the nearest curve is measured to its segments, not to its corners", () => {
  const curves = [
    { x: [0, 100], y: [0, 0] },
    { x: [0, 100], y: [20, 20] },
  ];
  expect(nearestCurve(curves, same, same, [50, 6])).toBe(0);
  expect(nearestCurve(curves, same, same, [50, 16])).toBe(1);
  expect(nearestCurve(curves, same, same, [50, 90])).toBe(-1);
});

describe("line density", () => {
  test("counts a level line once in each pixel column", () => {
    const density = createDensity(4, 3);
    addSegment(density, 0, 1, 4, 1);
    addSegment(density, 0, 1, 4, 1);
    expect([...density.counts]).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0]);
  });

  test("fills the steps of a steep line, so that it does not fall apart into dots", () => {
    const density = createDensity(2, 6);
    addSegment(density, 0, 0, 2, 6);
    expect([...density.counts]).toEqual([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1]);
  });

  test("stays inside the picture", () => {
    const density = createDensity(3, 2);
    addSegment(density, -5, -5, 10, 10);
    expect(density.counts.some((count) => count > 0)).toBe(true);
  });

  test("paints crowds opaque and single lines faint", () => {
    const density = createDensity(2, 1);
    density.counts.set([16, 1]);
    const pixels = new Uint8ClampedArray(8);
    paintDensity(density, pixels, [10, 20, 30]);
    expect([...pixels]).toEqual([10, 20, 30, 255, 10, 20, 30, 87]);
  });
});

test("computed colours are read back", () => {
  expect(parseRgb("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
  expect(parseRgb("rgba(1, 2, 3, 0.5)")).toEqual([1, 2, 3]);
});
