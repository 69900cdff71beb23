import { expect, test } from "vitest";
import { createHalton } from "./halton.ts";

test("each coordinate falls once into every cell of its base's grid", () => {
  const pointAt = createHalton(4, 11);
  [2, 3, 5, 7].forEach((base, dimension) => {
    const cells = base * base;
    const units = Array.from({ length: cells }, (_, index) => pointAt(index + 3 * cells)[dimension]!);
    expect(new Set(units.map((unit) => Math.floor(unit * cells))).size).toBe(cells);
  });
});

test("points lie below 1 and depend on seed and index alone", () => {
  const pointAt = createHalton(60, 5);
  expect(pointAt(12)).toEqual(createHalton(60, 5)(12));
  expect(pointAt(12)).not.toEqual(createHalton(60, 6)(12));
  for (let index = 0; index < 50; index++) {
    expect(pointAt(index).every((unit) => unit >= 0 && unit < 1)).toBe(true);
  }
});
