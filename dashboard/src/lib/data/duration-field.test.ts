import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { durationOf, durationText } from "./duration-field.ts";

const of = (seconds: number, nanos = 0) => create(DurationSchema, { seconds: BigInt(seconds), nanos });

test.each([
  [5, 60, "0.08"],
  [600, 60, "10"],
  [90, 60, "1.5"],
  [2_592_000, 60, "43200"],
  [1, 3_600, "0.0003"],
  [315_360_000, 3_600, "87600"],
])("%i s in units of %i s read %s, and come back", (seconds, unit, text) => {
  expect(durationText(of(seconds), unit)).toBe(text);
  expect(durationOf(Number(text), unit, undefined)).toEqual({ seconds: BigInt(seconds) });
});

test("what nobody has typed anew stays as it was, fractions of a second included", () => {
  const before = of(90, 500_000_000);
  expect(durationOf(Number(durationText(before, 60)), 60, before)).toEqual({
    seconds: 90n,
    nanos: 500_000_000,
  });
  expect(durationOf(2, 60, before)).toEqual({ seconds: 120n });
  expect(durationText(undefined, 60)).toBe("");
});
