import { expect, test } from "vitest";
import { tickFormat } from "./tick-format.ts";

test.each([
  [
    [0, 0.5, 1],
    ["0", "0.5", "1"],
  ],
  [
    [0.9998, 0.9999, 1, 1.0001],
    ["0.9998", "0.9999", "1", "1.0001"],
  ],
  [
    [12.34565, 12.3457, 12.34575],
    ["12.34565", "12.3457", "12.34575"],
  ],
  [
    [1e-5, 1e-4, 1e-3],
    ["1e-5", "0.0001", "0.001"],
  ],
  [
    [0.1, 0.2, 0.30000000000000004],
    ["0.1", "0.2", "0.3"],
  ],
  [[0.123456], ["0.123"]],
  [[], []],
])("the ticks %j are labelled %j", (ticks, labels) => {
  expect(ticks.map(tickFormat(ticks))).toEqual(labels);
});
