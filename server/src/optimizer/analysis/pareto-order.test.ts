import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { paretoOrder } from "./pareto-order.ts";
import { dominates } from "./testing/dominates.ts";

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

test("20,000 items that do not dominate each other are put in order in a moment", () => {
  const count = 20_000;
  const items = Array.from({ length: count }, (_, index) => index);
  const begin = process.cpuUsage();
  expect(paretoOrder(items, (item) => [item, count - item, 0], 100)).toHaveLength(100);
  // 0.2 s here; comparing each with all takes 5 s.
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(2);
});
