import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { createRowOrder } from "./row-order.ts";
import { sortRows } from "./trial-rows.ts";

const value = fc.constantFrom(NaN, -Infinity, -1, -0, 0, 0.5, 1, Infinity);

test("whatever changes between two looks, the order is the one of sorting anew", () => {
  const look = fc.record({
    values: fc.array(value, { maxLength: 30 }),
    left: fc.array(fc.nat(30), { maxLength: 5 }),
    down: fc.boolean(),
    field: fc.constantFrom("loss", "cost"),
    isByNumber: fc.constantFrom(false, false, false, true),
  });
  fc.assert(
    fc.property(fc.array(look, { minLength: 2, maxLength: 6 }), (looks) => {
      const order = createRowOrder();
      for (const { values, left, down, field, isByNumber } of looks) {
        const passes = (row: number): boolean => !left.includes(row);
        const measure = isByNumber ? undefined : (row: number): number => values[row]!;
        const found = order(values.length, passes, measure, down, field);
        expect([...found]).toEqual([...sortRows(values.length, passes, measure, down)]);
      }
    }),
    { numRuns: 500 },
  );
});

test("a look after one change sorts one row, not all", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, row) => (row * 7919) % 10_007);
  const order = createRowOrder();
  const look = () =>
    order(
      values.length,
      () => true,
      (row) => values[row]!,
      false,
      "loss",
    );
  look();
  values[5_000] = 3.5;
  const original = Uint32Array.prototype.sort;
  const sorted: number[] = [];
  Uint32Array.prototype.sort = function (compare) {
    sorted.push(this.length);
    return original.call(this, compare);
  };
  try {
    expect(look().indexOf(5_000)).toBe(4);
  } finally {
    Uint32Array.prototype.sort = original;
  }
  expect(sorted).toEqual([1]);
});
