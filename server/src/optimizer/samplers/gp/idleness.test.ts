import { expect, test } from "vitest";
import { idleness } from "./idleness.ts";

const observed = (losses: readonly number[], counts = losses.map(() => true)) => ({
  numbers: [...losses.keys()],
  losses: Float64Array.from(losses),
  counts,
  violations: Float64Array.from(counts, (counted) => (counted ? 0 : 1)),
  judged: [],
  faults: new Float64Array(0),
});
const all = (losses: readonly number[]) => [...losses.keys()];

test("trials are counted since the last gain of more than a twentieth of the way from the first results to the best", () => {
  const losses = [10, 11, 9, 5, 0.4, 0.3, 0, 0.2, 0.1];
  // The first nine have their middle at 0.4, so that 0.02 is of note there.
  expect(idleness(observed(losses), all(losses))).toBe(2);
  const slow = [10, 11, 9, 12, 10, 10, 11, 5, 10, 12, 4.9, 4.85, 4.8];
  expect(idleness(observed(slow), all(slow))).toBe(5);
  expect(idleness(observed([...slow, 4]), all([...slow, 4]))).toBe(0);
});

test("only the trials asked for count, in whatever order they come", () => {
  const losses = [10, 1, 12, 5, 11, 6, 13];
  expect(idleness(observed(losses), [6, 3, 5])).toBe(2);
});

test("what failed or breaks constraints is no gain and sets no scale", () => {
  const losses = [10, 11, 9, 8, -50, Infinity, 12];
  const counts = losses.map((loss) => loss > 0 && loss < Infinity);
  expect(idleness(observed(losses, counts), all(losses))).toBe(3);
  expect(idleness(observed([1, 2], [false, false]), [0, 1])).toBe(0);
});
