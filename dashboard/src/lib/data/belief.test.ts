import { fromJson } from "@bufbuild/protobuf";
import { ParameterSchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { beliefOf } from "./belief.ts";

test.each([
  [{ real: { low: 0, high: 1, prior: { mean: 0.25, deviation: 0.1 } } }, "expected near 0.25 ± 0.1"],
  [
    { integer: { low: 1, high: 512, log: true, prior: { mean: 64, deviation: Math.LN2 } } },
    "expected near 64, within a factor of 2",
  ],
  [{ categorical: { choices: ["a", "b"], weights: [3, 1] } }, "weighed 3 : 1"],
  [{ categorical: { choices: ["a", "b"] } }, undefined],
  [{ real: { low: 0, high: 1 } }, undefined],
])("%j reads %s", (domain, words) => {
  expect(beliefOf(fromJson(ParameterSchema, { name: "p", ...domain }))).toBe(words);
});
