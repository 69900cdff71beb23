import { expect, test } from "vitest";
import { readView, writeView } from "./analysis-view.ts";

const dimensions = [{ name: "lr" }, { name: "depth" }];
const targets = [{ name: "loss" }, { name: "score" }];
const read = (text: string) => readView(new URLSearchParams(text), dimensions, targets);

test("the first sight needs no words in the address", () => {
  expect(writeView(read(""), targets).toString()).toBe("");
  expect(read("")).toMatchObject({ objective: 0, method: "fanova", x: "", y: "" });
});

test("what was chosen comes back from the address", () => {
  const text = "objective=score&importances=best&x=depth&y=lr&pick=params.lr%7E0.1%7E0.5";
  const view = read(text);
  expect(view).toMatchObject({ objective: 1, method: "ped", x: "depth", y: "lr" });
  expect(view.brushes.get("params.lr")).toEqual([0.1, 0.5]);
  expect(read(writeView(view, targets).toString())).toEqual(view);
});

test("what the study does not have is not asked for", () => {
  expect(read("objective=cost&x=width&y=lr&importances=worst")).toMatchObject({
    objective: 0,
    method: "fanova",
    x: "",
    y: "lr",
  });
  expect(read("x=lr&y=lr").y).toBe("");
});
