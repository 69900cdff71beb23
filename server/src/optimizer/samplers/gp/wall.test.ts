import { expect, test } from "vitest";
import type { Domain } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { createWall } from "./wall.ts";

const named = (name: string, domain: Domain) => ({ name, domain, condition: undefined, default: undefined });
const space = createSpace(
  [
    named("a", { kind: "real", low: 0, high: 2, log: false, step: undefined }),
    named("rate", { kind: "real", low: 1e-4, high: 1, log: true, step: undefined }),
    named("n", { kind: "integer", low: 0, high: 40, log: false, step: 1 }),
  ],
  [
    {
      terms: [
        { parameter: "a", coefficient: 1 },
        { parameter: "rate", coefficient: 1 },
      ],
      upper: 1,
    },
    {
      terms: [
        { parameter: "n", coefficient: 0.1 },
        { parameter: "a", coefficient: -1 },
      ],
      upper: 0,
    },
  ],
);

test("inside there is nothing to pay, and beyond the price is the square of the distance in the cube", () => {
  const wall = createWall(space, Float64Array.of(0.4, 0, 0.1));
  const slopes = new Float64Array(3).fill(NaN);
  expect(wall(Float64Array.of(0.4, 0.1, 0.1), slopes)).toBe(0);
  expect([...slopes]).toEqual([0, 0, 0]);
  // The first constraint's face is at a = 1, which is 0.5, all but for the rate.
  expect(wall(Float64Array.of(0.6, 0, 0.1), slopes) / 1_000).toBeCloseTo(0.01, 4);
});

test("its slopes are those of finite differences, on logarithmic scales and between grid values too", () => {
  const wall = createWall(space, Float64Array.of(0.4, 0.2, 0.1));
  for (const point of [Float64Array.of(0.61, 0.93, 0.2), Float64Array.of(0.2, 0.5, 0.705)]) {
    const slopes = new Float64Array(3);
    expect(wall(point, slopes)).toBeGreaterThan(0);
    for (let k = 0; k < 3; k++) {
      const step = 1e-6;
      const [above, below] = [point[k]! + step, point[k]! - step].map((unit) =>
        wall(point.with(k, unit), new Float64Array(3)),
      );
      expect(Math.abs(slopes[k]! - (above! - below!) / (2 * step)) / (1 + Math.abs(slopes[k]!))).toBeLessThan(
        1e-4,
      );
    }
  }
});
