import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { hypervolume } from "./hypervolume.ts";

/** On a grid of whole numbers the volume is the number of unit cells that some point dominates. */
function countCells(points: readonly number[][], size: number, width: number): number {
  let count = 0;
  for (let code = 0; code < size ** width; code++) {
    const cell = Array.from({ length: width }, (_, j) => Math.floor(code / size ** j) % size);
    if (points.some((point) => point.every((value, j) => value <= cell[j]!))) count++;
  }
  return count;
}

describe.for([1, 2, 3, 4, 5])("with %i objectives", (width) => {
  const size = width > 3 ? 4 : 6;

  test("it is the number of dominated cells", () => {
    const point = fc.array(fc.integer({ min: -1, max: size }), { minLength: width, maxLength: width });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const reference = new Array<number>(width).fill(size);
        const inside = points.map((row) => row.map((value) => Math.max(0, value)));
        expect(hypervolume(Float64Array.from(inside.flat()), reference)).toBeCloseTo(
          countCells(
            inside.filter((row) => row.every((value) => value < size)),
            size,
            width,
          ),
          9,
        );
      }),
      { numRuns: 60 },
    );
  });
});

test("10,000 random points of two or three objectives take well under a second", () => {
  const stream = createStream(3);
  for (const width of [2, 3]) {
    const points = Float64Array.from({ length: 10_000 * width }, () => stream.uniform());
    const begin = process.cpuUsage();
    const volume = hypervolume(points, new Array<number>(width).fill(1));
    expect(volume).toBeGreaterThan(0.95);
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(0.7);
  }
});

test("a front of 10,000 points on a sphere has the sphere's volume", () => {
  const stream = createStream(4);
  const points: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    const [a, b, c] = [Math.abs(stream.normal()), Math.abs(stream.normal()), Math.abs(stream.normal())];
    const length = Math.hypot(a, b, c);
    points.push(1 - a / length, 1 - b / length, 1 - c / length);
  }
  expect(hypervolume(Float64Array.from(points), [1, 1, 1])).toBeCloseTo(Math.PI / 6, 1);
});
