import { expect, test } from "vitest";
import { paceOf } from "./pace.ts";

test("quick analyses are asked for every few seconds, slow ones so that the server works a tenth of the time", () => {
  expect(paceOf(50)).toBe(4_000);
  expect(paceOf(2_000)).toBe(18_000);
});
