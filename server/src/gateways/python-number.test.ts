import { expect, it } from "vitest";
import { floatJson, valueJson } from "./python-number.ts";

it.each([
  [1, "1.0"],
  [-3, "-3.0"],
  [0, "0.0"],
  [0.5, "0.5"],
  [1e-7, "1e-7"],
  [1e21, "1e+21"],
  [Infinity, "null"],
  [NaN, "null"],
])("Python reads the float %d from %s", (value, json) => {
  expect(floatJson(value)).toBe(json);
});

it("integers have no decimal point, and choices keep their types", () => {
  expect(valueJson({ kind: "integer" }, 8)).toBe("8");
  expect(valueJson({ kind: "real" }, 8)).toBe("8.0");
  expect(valueJson({ kind: "categorical" }, "8")).toBe('"8"');
  expect(valueJson({ kind: "categorical" }, true)).toBe("true");
});
