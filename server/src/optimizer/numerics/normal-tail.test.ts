import { expect, test } from "vitest";
import { upperTail } from "./normal-tail.ts";

test("the upper tail has its tabled values", () => {
  // Abramowitz and Stegun, table 26.1
  const table = [
    [0, 0.5],
    [0.5, 0.308537538726],
    [1, 0.158655253931],
    [1.96, 0.024997895149],
    [3, 0.00134989803163],
    [4.7, 1.3008e-6],
  ] as const;
  for (const [x, tail] of table) expect(Math.abs(upperTail(x) - tail)).toBeLessThan(1e-9);
  expect([upperTail(9), upperTail(40), upperTail(Infinity)]).toEqual([0, 0, 0]);
});
