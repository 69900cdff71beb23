import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { createSortedNumbers } from "./sorted-numbers.ts";

test("quantiles interpolate between the sorted numbers, in whatever order they came", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, p) => {
        const numbers = createSortedNumbers();
        for (const value of values) numbers.insert(value);
        const sorted = [...values].sort((a, b) => a - b);
        const position = p * (values.length - 1);
        const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
        const quantile = numbers.quantile(p);
        expect(quantile >= low && quantile <= high).toBe(true);
        if (Number.isFinite(high - low))
          expect(quantile).toBe(low === high ? low : low + (high - low) * (position % 1));
      },
    ),
  );
});

test("infinite numbers have quantiles, too", () => {
  const numbers = createSortedNumbers();
  for (const value of [Infinity, -Infinity, 0]) numbers.insert(value);
  expect([0, 0.25, 0.5, 0.75, 1].map((p) => numbers.quantile(p))).toEqual([
    -Infinity,
    -Infinity,
    0,
    Infinity,
    Infinity,
  ]);
});

test("no numbers have no quantile", () => {
  expect(createSortedNumbers().quantile(0.5)).toBeNaN();
});

test("after any insertions and removals it holds the numbers that are left, in order", () => {
  const value = fc.constantFrom(-Infinity, -1, 0, 0.5, 2, Infinity);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), value), { maxLength: 80 }), (steps) => {
      const numbers = createSortedNumbers();
      const expected: number[] = [];
      for (const [isInsertion, item] of steps) {
        if (isInsertion) {
          numbers.insert(item);
          expected.push(item);
        } else {
          numbers.remove(item);
          if (expected.includes(item)) expected.splice(expected.indexOf(item), 1);
        }
      }
      expect(Array.from({ length: numbers.length }, (_, place) => numbers.at(place))).toEqual(
        expected.toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1)),
      );
      for (const bound of [-Infinity, -1, 0.25, 2, Infinity])
        expect(numbers.countBelow(bound)).toBe(expected.filter((item) => item < bound).length);
      expect([numbers.at(-1), numbers.at(numbers.length)]).toEqual([NaN, NaN]);
    }),
  );
});
