import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { type Goal, paretoFront } from "./pareto.ts";

/** The definition, word for word. */
function bruteForce(points: readonly number[][], goals: readonly Goal[]): number[] {
  const better = (a: number[], b: number[]) => goals.some((goal, j) => goal * a[j]! < goal * b[j]!);
  const atLeast = (a: number[], b: number[]) => goals.every((goal, j) => goal * a[j]! <= goal * b[j]!);
  return points.flatMap((point, row) =>
    point.some(Number.isNaN) || points.some((other) => atLeast(other, point) && better(other, point))
      ? []
      : [row],
  );
}

const goal = fc.constantFrom<Goal>(1, -1);
/** Few different numbers, so that ties, equal points and infinities abound. */
const coordinate = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, -0, NaN) },
  { weight: 2, arbitrary: fc.double() },
);

test.for([1, 2, 3, 4, 5, 8])("with %i objectives it is the front that the definition has", (width) => {
  fc.assert(
    fc.property(
      fc.array(goal, { minLength: width, maxLength: width }),
      fc.array(fc.array(coordinate, { minLength: width, maxLength: width }), { maxLength: 60 }),
      (goals, points) => {
        const front = paretoFront(Float64Array.from(points.flat()), goals);
        expect([...front].toSorted((a, b) => a - b)).toEqual(bruteForce(points, goals));
      },
    ),
    { numRuns: 300 },
  );
});

test("the best by the first objective comes first, equals by the next ones and then by row", () => {
  const points = [
    [3, 1],
    [1, 3],
    [2, 2],
    [1, 3],
    [9, 9],
  ];
  expect([...paretoFront(Float64Array.from(points.flat()), [1, 1])]).toEqual([1, 3, 2, 0]);
  expect([...paretoFront(Float64Array.from(points.flat()), [-1, 1])]).toEqual([4, 0]);
});

test("no points have an empty front", () => {
  expect([...paretoFront(new Float64Array(0), [1, -1])]).toEqual([]);
});

/** Points on one descending line (and a third objective that says nothing): all of them are on the front. */
test.for([2, 3])(
  "100,000 points with %i objectives take well under a second, even when all are on the front",
  (width) => {
    const count = 100_000;
    const values = new Float64Array(count * width);
    for (let row = 0; row < count; row++) {
      const x = (row * 48_271) % 2_147_483_647;
      values[row * width] = x;
      values[row * width + 1] = -x;
      if (width === 3) values[row * width + 2] = (row * 69_621) % 1_000;
    }
    const begin = process.cpuUsage();
    const front = paretoFront(
      values,
      Array.from({ length: width }, () => 1),
    );
    expect(front.length).toBe(count);
    // Seconds of computing, which others on the machine do not take; comparing all with all would be minutes.
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(5);
  },
);
