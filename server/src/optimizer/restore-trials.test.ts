import { expect, test } from "vitest";
import { choice, historyOf, real } from "./analysis/testing/history-of.ts";
import { restoreTrials } from "./restore-trials.ts";

test("restored trials read as those of the history did, whatever has become of it", () => {
  const history = historyOf(
    [real("x"), choice("c", "p", "q")],
    [
      { params: { x: 0.25, c: "p" }, values: [1], curve: { steps: [1, 2], values: [3, 1] } },
      { params: { x: 0.25, c: "p" }, outcome: "failed" },
      { params: { x: 0.5, c: "q" }, values: [4], violation: 2, outcome: "infeasible" },
    ],
  );
  history.addPending(3, { x: 0.75, c: "q" });
  const trials = restoreTrials(history.space, history.objectives, structuredClone(history.snapshot()));
  history.end(3, {
    outcome: "completed",
    values: [9],
    violation: 0,
    curve: { steps: [], values: [] },
    revision: 9,
  });
  expect(trials.size).toBe(4);
  expect([...trials.ended]).toEqual([0, 1, 2]);
  expect([0, 1, 2, 3].map(trials.outcome)).toEqual(["completed", "failed", "infeasible", "pending"]);
  expect([0, 1, 2, 3].map((number) => [...trials.values(number)])).toEqual([[1], [NaN], [4], [NaN]]);
  expect([0, 2].map(trials.violation)).toEqual([0, 2]);
  expect([0, 1].map(trials.reports)).toEqual([2, 0]);
  expect([...trials.point(2)]).toEqual([...history.point(2)]);
  expect([0, 2, 3].map((number) => trials.count(history.point(number)))).toEqual([2, 1, 1]);
});
