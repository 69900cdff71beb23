import { fromJson } from "@bufbuild/protobuf";
import { ParameterSchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { conditionText, domainText } from "./domain-text.ts";

test.each([
  [{ real: { low: 1e-5, high: 0.1, log: true } }, "1e-5 … 0.1, log"],
  [{ real: { low: 0, high: 1, step: 0.25 } }, "0 … 1, step 0.25"],
  [{ integer: { low: 8, high: 64, step: 8 } }, "8 … 64, step 8"],
  [{ integer: { low: -1, high: 4, step: 1 } }, "−1 … 4"],
  [{ categorical: { choices: ["relu", 16, true, null] } }, "relu, 16, true, null"],
])("%j reads %s", (domain, words) => {
  expect(domainText(fromJson(ParameterSchema, { name: "p", ...domain }))).toBe(words);
});

test.each([
  [["mlp"], "if model is mlp"],
  [["mlp", 2], "if model is mlp or 2"],
  [["a", "b", "c"], "if model is a, b or c"],
])("a condition on %j reads %s", (values, words) => {
  expect(
    conditionText(fromJson(ParameterSchema, { name: "p", condition: { parent: "model", values } })),
  ).toBe(words);
  expect(conditionText(fromJson(ParameterSchema, { name: "p" }))).toBeUndefined();
});
