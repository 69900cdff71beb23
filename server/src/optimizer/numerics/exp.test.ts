import { expect, test } from "vitest";
import { expNegative } from "./exp.ts";

test("agrees with Math.exp to the last digits over the whole range", () => {
  for (let x = -700; x <= 0; x += 0.00973) {
    expect(Math.abs(expNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
  }
});

test("is exactly 1 at 0, and 0 where nothing is left", () => {
  expect([expNegative(0), expNegative(-0)]).toEqual([1, 1]);
  expect([expNegative(-1e6), expNegative(-Infinity), expNegative(NaN)]).toEqual([0, 0, 0]);
});
