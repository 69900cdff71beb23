import { expect, test } from "vitest";
import type { Condition, Domain } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { createFeatures } from "./features.ts";

const real: Domain = { kind: "real", low: 0, high: 1, log: false, step: undefined };
const named = (name: string, domain: Domain, condition?: Condition) => ({
  name,
  domain,
  condition,
  default: undefined,
});

test("each condition is a feature, and a parameter adds to the breadth as often as it is active", () => {
  const space = createSpace([
    named("model", { kind: "categorical", choices: ["a", "b", "c", "d"], ordered: false }),
    named("shared", real),
    named("first", real, { parent: "model", values: ["a"] }),
    named("second", real, { parent: "model", values: ["a"] }),
    named("third", real, { parent: "model", values: ["b", "c"] }),
  ]);
  const { width, numeric, conditions, breadth } = createFeatures(space);
  expect({ width, numeric, conditions, breadth }).toEqual({
    width: 7,
    numeric: 4,
    conditions: 2,
    breadth: 1 + 1 + 1 / 4 + 1 / 4 + 1 / 2,
  });
});
