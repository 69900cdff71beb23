import { expect, test } from "vitest";
import { createHistory, type History, type Result } from "../history.ts";
import { createSpace } from "../space/space.ts";
import { NO_BEST, updateBest } from "./best.ts";

const told = (value: number, rest: Partial<Result> = {}): Partial<Result> => ({ values: [value], ...rest });

/** A trial that has ended, completed unless the result says otherwise. */
function add(history: History, number: number, result: Partial<Result>): void {
  history.addPending(number, {});
  const curve = { steps: [], values: [] };
  history.end(number, {
    outcome: "completed",
    values: [],
    violation: 0,
    curve,
    revision: number + 1,
    ...result,
  });
}

function historyOf(goal: "minimize" | "maximize", results: readonly Partial<Result>[]) {
  const history = createHistory(createSpace([]), [{ name: "value", goal }]);
  results.forEach((result, number) => add(history, number, result));
  return history;
}

test("the best is the least or the greatest value, of equals the first, with the count of trials since", () => {
  const results = [told(3), told(1), told(1), told(2)];
  expect(updateBest(NO_BEST, historyOf("minimize", results))).toEqual({
    number: 1,
    value: 1,
    endedSince: 2,
    position: 4,
  });
  expect(updateBest(NO_BEST, historyOf("maximize", results))).toEqual({
    number: 0,
    value: 3,
    endedSince: 3,
    position: 4,
  });
});

test("only completed, feasible trials with a number count, but all ended ones pass the time", () => {
  const history = historyOf("minimize", [
    told(5),
    told(1, { outcome: "pruned" }),
    told(1, { outcome: "infeasible", violation: 2 }),
    told(1, { violation: 2 }),
    told(NaN),
    { outcome: "failed" },
  ]);
  expect(updateBest(NO_BEST, history)).toEqual({ number: 0, value: 5, endedSince: 5, position: 6 });
});

test("infinite values have their place", () => {
  expect(updateBest(NO_BEST, historyOf("minimize", [told(Infinity), told(3)])).number).toBe(1);
  expect(updateBest(NO_BEST, historyOf("minimize", [told(3), told(-Infinity)])).number).toBe(1);
});

test("an answer brought up to date step by step equals one made at once", () => {
  const results = [told(3), { outcome: "failed" } as const, told(1), told(2), told(0.5), told(4)];
  const history = historyOf("minimize", []);
  let best = NO_BEST;
  results.forEach((result, number) => {
    add(history, number, result);
    best = updateBest(best, history);
    expect(best).toEqual(updateBest(NO_BEST, history));
  });
});
