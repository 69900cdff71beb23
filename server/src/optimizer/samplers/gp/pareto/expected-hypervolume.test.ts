import { fc } from "../../../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { hypervolume } from "../../../analysis/hypervolume.ts";
import { excessSlope, logExcess } from "../../../numerics/normal-distribution.ts";
import { createStream } from "../../../numerics/stream.ts";
import { boxesBeyond } from "./boxes.ts";
import { tabledExcessSlope, tabledLogExcess } from "./excess-table.ts";
import { createExpectedHypervolume } from "./expected-hypervolume.ts";

/** Fronts with many ties, so that boxes without volume come up. */
const fronts = fc.integer({ min: 2, max: 3 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    front: fc.array(
      fc.array(
        fc.oneof(
          fc.integer({ min: 0, max: 4 }).map((x) => x / 4),
          fc.double({ min: 0, max: 1.2, noNaN: true }),
        ),
        {
          minLength: width,
          maxLength: width,
        },
      ),
      { maxLength: 12 },
    ),
    seed: fc.nat(),
  }),
);

/** What a place would add to the volume below (1, …, 1). */
const gain = (front: readonly number[][], place: readonly number[]): number => {
  const reference = place.map(() => 1);
  const volume = (rows: readonly (readonly number[])[]) =>
    hypervolume(Float64Array.from(rows.flat()), reference);
  return volume([...front, place]) - volume(front);
};

test("the boxes are as large as what a point adds, wherever it lies, and at most twice as many as the front and one", () => {
  fc.assert(
    fc.property(fronts, ({ width, front, seed }) => {
      const { levels, count, lower, upper } = boxesBeyond(front, new Array<number>(width).fill(1));
      expect(count).toBeLessThanOrEqual(2 * front.length + 1);
      const stream = createStream(seed);
      for (let draw = 0; draw < 20; draw++) {
        const place = Array.from({ length: width }, () => 1.2 * stream.uniform());
        let total = 0;
        for (let box = 0; box < count; box++) {
          let volume = 1;
          for (let j = 0; j < width; j++) {
            const [from, to] = [lower[box * width + j]!, upper[box * width + j]!];
            const low = from < 0 ? -Infinity : levels[j]![from]!;
            volume *= Math.max(0, levels[j]![to]! - Math.max(low, place[j]!));
          }
          total += volume;
        }
        expect(total).toBeCloseTo(gain(front, place), 12);
      }
    }),
  );
});

test("the expectation is the mean of what normal draws add", () => {
  const front = [
    [0.2, 0.7, 0.5],
    [0.6, 0.3, 0.4],
    [0.5, 0.5, 0.2],
  ];
  for (const width of [2, 3]) {
    const rows = front.map((row) => row.slice(0, width));
    const expectation = createExpectedHypervolume(boxesBeyond(rows, new Array<number>(width).fill(1)));
    const [means, deviations] = [[0.45, 0.5, 0.35].slice(0, width), [0.2, 0.1, 0.3].slice(0, width)];
    const stream = createStream(1, "draws");
    const draws = 6_000;
    let [sum, squares] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const added = gain(
        rows,
        means.map((mean, j) => mean + deviations[j]! * stream.normal()),
      );
      sum += added / draws;
      squares += (added * added) / draws;
    }
    const error = Math.sqrt((squares - sum * sum) / draws);
    expect(Math.abs(Math.exp(expectation.at(means, deviations)) - sum)).toBeLessThan(4 * error);
  }
});

test("the slopes are those of finite differences, near the front and far where the expectation underflows", () => {
  fc.assert(
    fc.property(
      fronts,
      fc.constantFrom(0.5, 0.1, 0.01),
      fc.constantFrom(0, 0.5, 8),
      ({ width, front, seed }, scale, away) => {
        const expectation = createExpectedHypervolume(boxesBeyond(front, new Array<number>(width).fill(1)));
        const stream = createStream(seed);
        const means = Array.from({ length: width }, () => stream.uniform() + away);
        const deviations = Array.from({ length: width }, () => scale * (0.5 + stream.uniform()));
        const value = expectation.at(means, deviations);
        fc.pre(Number.isFinite(value));
        const [byMean, byDeviation] = [new Float64Array(width), new Float64Array(width)];
        expectation.slopes(byMean, byDeviation);
        const step = 1e-5 * scale;
        const difference = (of: "mean" | "deviation", j: number): number => {
          const at = (sign: number): number => {
            const moved = (values: readonly number[]) =>
              values.map((v, k) => (k === j ? v + sign * step : v));
            return of === "mean"
              ? expectation.at(moved(means), deviations)
              : expectation.at(means, moved(deviations));
          };
          return (at(1) - at(-1)) / (2 * step);
        };
        for (let j = 0; j < width; j++) {
          for (const [of, slope] of [
            ["mean", byMean[j]!],
            ["deviation", byDeviation[j]!],
          ] as const) {
            const wanted = difference(of, j);
            expect(Math.abs(slope - wanted)).toBeLessThan(2e-3 * (Math.abs(wanted) + 1 / scale));
          }
        }
      },
    ),
  );
});

test("the table of log expected improvement is exact to 1e-9, its slope to 1e-7, in the tail as near 0", () => {
  for (let z = -60; z < 20; z += 0.0137) {
    const exact = logExcess(z);
    expect(Math.abs(tabledLogExcess(z) - exact)).toBeLessThan(1e-9);
    expect(Math.abs(tabledExcessSlope(z) / excessSlope(z, exact) - 1)).toBeLessThan(1e-7);
  }
});
