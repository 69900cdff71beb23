import { expect, test } from "vitest";
import { choiceLabel, domainHint, pointOf, pointTexts } from "./point-form.ts";
import type { Dimension } from "./spec.ts";

const number = { low: 0, high: 10, log: false, choices: [] };
const choices = [1, "1", 0.123_456_7, true, null, "sgd"];
const dimensions: readonly Dimension[] = [
  { ...number, name: "lr", kind: "real" },
  { ...number, name: "layers", kind: "integer" },
  { ...number, name: "mode", kind: "categorical", high: 5, choices },
  { ...number, name: "slope", kind: "real" },
];

test("a point goes through its texts unchanged, whatever its choices look like", () => {
  for (const mode of choices) {
    const params = { lr: 0.1 + 0.2, layers: 3, mode };
    expect(pointOf(dimensions, pointTexts(dimensions, params))).toEqual(params);
  }
  expect(choices.map(choiceLabel)).toEqual(["1", "1", "0.1234567", "true", "null", "sgd"]);
});

test("what is left empty is no part of the point; what is no number is for the server to refuse", () => {
  expect(pointTexts(dimensions)).toEqual({ lr: "", layers: "", mode: "", slope: "" });
  expect(pointOf(dimensions, { lr: " 1e-3 ", layers: "three", mode: "" })).toEqual({
    lr: 0.001,
    layers: "three",
  });
});

test("says what a parameter accepts", () => {
  expect(dimensions.map(domainHint)).toEqual(["0 to 10", "0 to 10, whole", "One of 6", "0 to 10"]);
});
