import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { MOST, readSelection, writeSelection } from "./selection.ts";

test("writes neighbours as ranges and reads them again", () => {
  expect(writeSelection([9, 3, 5, 6, 7])).toBe("3,5-7,9");
  expect([...readSelection("3,5-7,9")]).toEqual([3, 5, 6, 7, 9]);
  expect(writeSelection([])).toBe("");
  expect(readSelection("").size).toBe(0);
});

test("every selection comes back from its address", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5_000), { maxLength: 200 }), (numbers) => {
      expect([...readSelection(writeSelection(numbers))]).toEqual(numbers.toSorted((a, b) => a - b));
    }),
  );
});

test("an address written by hand neither breaks nor grows without bound", () => {
  expect([...readSelection("x,-1,2,4-3,,1.5,7")]).toEqual([2, 7]);
  expect(readSelection("0-999999999").size).toBe(MOST);
});
