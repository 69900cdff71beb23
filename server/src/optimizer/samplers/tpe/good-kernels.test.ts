import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import type { Parameter } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { createGoodMixtures } from "./good-kernels.ts";
import { createLayout } from "./kernel-rows.ts";

const rest = { condition: undefined, default: undefined };
const parameters: readonly Parameter[] = [
  { name: "real", domain: { kind: "real", low: 0, high: 1, log: false, step: undefined }, ...rest },
  { name: "even", domain: { kind: "integer", low: 1, high: 8, log: false, step: 1 }, ...rest },
  { name: "log", domain: { kind: "integer", low: 1, high: 8, log: true, step: 1 }, ...rest },
];
const space = createSpace(parameters);
const layout = createLayout(space);

/** Deviations of the kernels of trials with the same values on the grids, a row a trial. */
function deviations(scale: number): number[][] {
  const history = createHistory(space, [{ name: "loss", goal: "minimize" }]);
  for (let number = 0; number < 8; number++)
    history.addPending(number, { real: 0.3 + number / 1_000, even: 2, log: 1 });
  const good = [3, 1, 0, 2, 7, 6, 5, 4];
  const { rows } = createGoodMixtures(layout, true)(history, good, scale);
  return good.map((_, row) =>
    layout.numeric.map((__, at) => Math.SQRT1_2 / rows.pairs[2 * (row * layout.numeric.length + at) + 1]!),
  );
}

test("narrow kernels of good trials that agree on a grid still reach the next cell", () => {
  const firstLogCell = space.dimensions[2]!.edge(1);
  for (const [real, even, log] of deviations(0.25)) {
    expect(real).toBeCloseTo(0.25 / 10, 12);
    expect(even).toBeCloseTo(0.5 / 8, 12);
    expect(log).toBeCloseTo(0.5 * firstLogCell, 12);
  }
});

test("kernels that are wider than that stay as they are", () => {
  for (const [real, even] of deviations(1)) {
    expect(real).toBeCloseTo(1 / 10, 12);
    expect(even).toBeCloseTo(1 / 10, 12);
  }
});

test("a mixture of fewer trials in the memory of one of more has only its own kernels", () => {
  const branch = createSpace([
    { name: "kind", domain: { kind: "categorical", choices: ["a", "b"], ordered: false }, ...rest },
    { ...parameters[0]!, condition: { parent: "kind", values: ["a"] } },
  ]);
  const history = createHistory(branch, [{ name: "loss", goal: "minimize" }]);
  for (let number = 0; number < 40; number++)
    history.addPending(number, number % 2 === 0 ? { kind: "a", real: number / 40 } : { kind: "b" });
  const mixtures = createGoodMixtures(createLayout(branch), true);
  const all = Array.from({ length: 40 }, (_, number) => number);
  mixtures(history, all, 1);
  const few = [1, 2, 4, 5];
  const { rows, length, count } = mixtures(history, few, 1);
  const fresh = createGoodMixtures(createLayout(branch), true)(history, few, 1);
  expect([length, count]).toEqual([4, 4]);
  expect(rows.pairs.slice(0, 8)).toEqual(fresh.rows.pairs.slice(0, 8));
  expect(rows.norms.slice(0, 4)).toEqual(fresh.rows.norms.slice(0, 4));
  expect(rows.rowLogs.slice(0, 4)).toEqual(fresh.rows.rowLogs.slice(0, 4));
  expect(rows.codes.slice(0, 4)).toEqual(fresh.rows.codes.slice(0, 4));
});
