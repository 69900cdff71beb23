import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { dominates, paretoOrder } from "./pareto-order.ts";

const loss = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(Infinity, -Infinity));
const tables = fc.integer({ min: 2, max: 4 }).chain((width) => {
  return fc.array(fc.array(loss, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 });
});

test("no chosen item is dominated by one left out, whatever the size", () => {
  fc.assert(
    fc.property(tables, fc.nat(), (table, pick) => {
      const items = table.map((_, index) => index);
      const size = pick % (items.length + 1);
      const chosen = paretoOrder(items, (item) => table[item]!, size);
      expect(new Set(chosen).size).toBe(size);
      const left = items.filter((item) => !chosen.includes(item));
      for (const a of left) for (const b of chosen) expect(dominates(table[a]!, table[b]!)).toBe(false);
    }),
  );
});

test("does not depend on the order of the items", () => {
  fc.assert(
    fc.property(tables, fc.nat(), (table, pick) => {
      const items = table.map((_, index) => index);
      const size = pick % (items.length + 1);
      const order = (all: number[]): number[] => paretoOrder(all, (item) => table[item]!, size);
      expect(order(items.toReversed())).toEqual(order(items));
    }),
  );
});

test("a front that does not fit is thinned to its extremes and what lies far apart", () => {
  const front = Array.from({ length: 11 }, (_, index) => [index, 10 - index]);
  const chosen = paretoOrder([...front.keys()], (item) => front[item]!, 3);
  expect(chosen.toSorted((a, b) => a - b)).toEqual([0, 5, 10]);
});
