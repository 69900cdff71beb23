import { expect, test } from "vitest";
import { coexist } from "./coexist.ts";
import { createDimensions } from "./dimension.ts";
import type { Condition, Domain, Parameter } from "./parameter.ts";

const choices: Domain = { kind: "categorical", choices: ["p", "q", "r"], ordered: false };
const parameter = (name: string, condition?: Condition): Parameter => ({
  name,
  domain: choices,
  condition,
  default: undefined,
});

test("parameters of different branches do not exist together; those of one branch, of overlapping ones, and ancestors do", () => {
  const parameters = [
    parameter("root"),
    parameter("left", { parent: "root", values: ["p"] }),
    parameter("right", { parent: "root", values: ["q", "r"] }),
    parameter("either", { parent: "root", values: ["p", "q"] }),
    parameter("deep", { parent: "left", values: ["q"] }),
    parameter("free"),
  ];
  const dimensions = createDimensions(parameters);
  const together = parameters.map((_, a) =>
    parameters.flatMap(({ name }, b) => (a !== b && coexist(dimensions, a, b) ? [name] : [])),
  );
  expect(together).toEqual([
    ["left", "right", "either", "deep", "free"],
    ["root", "either", "deep", "free"],
    ["root", "either", "free"],
    ["root", "left", "right", "deep", "free"],
    ["root", "left", "either", "free"],
    ["root", "left", "right", "either", "deep"],
  ]);
});
