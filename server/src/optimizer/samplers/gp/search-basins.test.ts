import { expect, test } from "vitest";
import { createStream } from "../../numerics/stream.ts";
import type { Scored } from "./scored.ts";
import { type BasinSearch, searchBasins } from "./search-basins.ts";
import { SETTINGS } from "./settings.ts";

const targets = Float64Array.of(-2, -1.9, 0.5, -1.5);

/** Expected improvements near each position, and what the search did. */
function searchWith(gains: readonly number[], others: readonly number[], seed = 1) {
  const asked: [number, number][] = [];
  const scored = (at: number, gain: number): Scored => ({
    point: Float64Array.of(at),
    score: Math.log(gain),
  });
  const options: BasinSearch = {
    first: 0,
    others: () => others,
    targets,
    goal: -2.1,
    gain: 1,
    settings: SETTINGS,
    stream: createStream(seed),
    near(position, goal) {
      asked.push([position, goal]);
      return scored(position, gains[position]!);
    },
    anywhere: () => scored(-1, 1e-9),
  };
  const { point, isElsewhere } = searchBasins(options);
  return { at: point[0]!, isElsewhere, asked };
}

test("stays with the best result while there is something to gain", () => {
  expect(searchWith([1e-3, 1, 1, 1], [1, 2, 3])).toEqual({
    at: 0,
    isElsewhere: false,
    asked: [[0, -2.1]],
  });
});

test("goes on to another basin, to improve on that one's own best", () => {
  const { at, isElsewhere, asked } = searchWith([1e-5, 0.1, 0.1, 0.1], [1, 2, 3]);
  expect(isElsewhere).toBe(true);
  expect(asked).toEqual([
    [0, -2.1],
    [at, targets[at]],
  ]);
});

test("prefers better basins, without leaving others out", () => {
  const chosen = Array.from({ length: 300 }, (_, seed) => searchWith([0, 1, 1, 1], [1, 2, 3], seed).at);
  const times = [1, 2, 3].map((at) => chosen.filter((other) => other === at).length);
  // e^1.9, e^−0.5 and e^1.5 of their sum: 0.57, 0.05 and 0.38.
  [0.57, 0.05, 0.38].forEach((share, i) => expect(Math.abs(times[i]! / 300 - share)).toBeLessThan(0.1));
});

test("looks anywhere when two other basins are exhausted, or there are none", () => {
  expect(searchWith([0, 0, 0, 0], [1, 2, 3])).toMatchObject({ at: -1, isElsewhere: false });
  expect(searchWith([0, 0, 0, 0], [1, 2, 3]).asked.length).toBe(3);
  expect(searchWith([0, 1, 1, 1], [])).toMatchObject({ at: -1, isElsewhere: false });
});
