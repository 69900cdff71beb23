import { expect, test } from "vitest";
import { withSource } from "./source-form.ts";

test("an earlier study is named by its id or as a whole, and once", () => {
  const parent = "projects/mine";
  expect(withSource([], " mnist ", parent)).toEqual(["projects/mine/studies/mnist"]);
  expect(withSource(["a"], "projects/other/studies/mnist", parent)).toEqual([
    "a",
    "projects/other/studies/mnist",
  ]);
  expect(withSource(["projects/mine/studies/mnist"], "mnist", parent)).toHaveLength(1);
  expect(withSource(["a"], "  ", parent)).toEqual(["a"]);
  expect(withSource([], "mnist", "")).toEqual(["mnist"]);
});
