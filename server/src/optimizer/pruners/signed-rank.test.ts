import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { signedRankTest } from "./signed-rank.ts";

/** The definition: all choices of signs. */
function enumerate(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const rank = (size: number): number =>
    sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2;
  const ranks = differences.flatMap((difference) => (difference === 0 ? [] : [rank(Math.abs(difference))]));
  const sum = differences.reduce((total, d) => total + (d > 0 ? rank(d) : 0), 0);
  let count = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const other = ranks.reduce((total, own, bit) => total + ((signs >> bit) & 1 ? own : 0), 0);
    if (other >= sum - 1e-9) count++;
  }
  return count / 2 ** ranks.length;
}

test("is the share of all choices of signs, ties and zeros included", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (differences) => {
      expect(signedRankTest(differences)).toBeCloseTo(enumerate(differences), 10);
    }),
  );
});

test("has the tabled critical value: 20 pairs, a sum of 150 of 210, p just below 0.05", () => {
  // Ranks 1 to 20 of which those adding up to 60 are negative (one-sided critical value for 5 %: 60).
  const negative = new Set([20, 19, 18, 3]);
  const differences = Array.from({ length: 20 }, (_, i) => (negative.has(i + 1) ? -(i + 1) : i + 1));
  expect(signedRankTest(differences)).toBeGreaterThan(0.045);
  expect(signedRankTest(differences)).toBeLessThan(0.05);
});

test("beyond fifty pairs the normal distribution takes over without a jump", () => {
  // One more pair of the smallest rank hardly matters, but makes it too many to count.
  const counted = Array.from({ length: 50 }, (_, i) => (i % 5 < 2 ? -(i + 1) : i + 1));
  const [exact, normal] = [signedRankTest(counted), signedRankTest([0.5, ...counted])];
  expect(exact).toBeGreaterThan(0.01);
  expect(Math.abs(Math.log(normal / exact))).toBeLessThan(0.1);
  expect(signedRankTest(Array.from({ length: 400 }, (_, i) => (i % 2 ? 1 : -1) * (i + 1)))).toBeGreaterThan(
    0.4,
  );
});
