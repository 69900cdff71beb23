import { expect, test } from "vitest";
import { readValue, splitList, valueText } from "./value-list.ts";

test.each([
  ["adam, sgd,\nlion", ["adam", "sgd", "lion"]],
  ["16, 0.5, 1e-3, -2, true, null", [16, 0.5, 0.001, -2, true, null]],
  ['"16", 16', ["16", 16]],
  ['"a, b", c', ["a, b", "c"]],
  ['5" pipe, b', ['5" pipe', "b"]],
  [" , a,, b ,", ["a", "b"]],
  ["", []],
])("%j is read as %j", (text, values) => {
  expect(splitList(text).map(readValue)).toEqual(values);
});

test("values come back from what they are shown as, texts that look like something else included", () => {
  const values = [
    "relu",
    "16",
    16,
    "true",
    true,
    "a, b",
    "two\nlines",
    ' "x" ',
    'say "x"',
    "",
    "back\\slash",
    null,
    "1e3",
  ];
  expect(splitList(values.map(valueText).join(", ")).map(readValue)).toEqual(values);
  expect(["relu", "16", 'say "x"'].map(valueText)).toEqual(["relu", '"16"', 'say "x"']);
});
