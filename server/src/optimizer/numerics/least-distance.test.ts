import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { leastDistance } from "./least-distance.ts";
import { createStream } from "./stream.ts";

const dot = (a: Float64Array, b: ArrayLike<number>): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

test("the nearest point of a half-plane, of a corner and of a line", () => {
  const near = (rows: number[][], bounds: number[]) =>
    Array.from(
      leastDistance(
        rows.map((row) => Float64Array.from(row)),
        bounds,
        100,
      ) ?? [],
    );
  expect(near([[1, 0]], [2])).toEqual([expect.closeTo(2, 12), expect.closeTo(0, 12)]);
  expect(
    near(
      [
        [1, 1],
        [-1, 1],
      ],
      [2, 4],
    ),
  ).toEqual([expect.closeTo(-1, 12), expect.closeTo(3, 12)]);
  expect(
    near(
      [
        [1, 1],
        [-1, -1],
      ],
      [1, -1],
    ),
  ).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
  expect(near([[1, 0]], [-3])).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
});

test("there is none where two bounds exclude each other", () => {
  const rows = [Float64Array.of(1, 0.5), Float64Array.of(-1, -0.5)];
  expect(leastDistance(rows, [1, -0.9], 100)).toBeUndefined();
});

test("what it finds satisfies all bounds, and no shorter point does", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      (width, count, seed) => {
        const stream = createStream(seed);
        const inside = Float64Array.from({ length: width }, () => 3 * stream.normal());
        const rows = Array.from({ length: count }, () =>
          Float64Array.from({ length: width }, () => stream.normal()),
        );
        // Every bound holds at `inside`, some of them tightly.
        const bounds = rows.map((row) => dot(row, inside) - (stream.uniform() < 0.3 ? 0 : stream.uniform()));
        const found = leastDistance(rows, bounds, 200)!;
        rows.forEach((row, j) => expect(dot(row, found)).toBeGreaterThan(bounds[j]! - 1e-7));
        // The shortest point of a convex set sees all others at an angle of at most 90° to its own direction.
        expect(dot(found, inside) - dot(found, found)).toBeGreaterThan(-1e-6 * (1 + dot(inside, inside)));
      },
    ),
    { numRuns: 300 },
  );
});
