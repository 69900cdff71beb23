import { expect, test } from "vitest";
import type { ChangedColumns } from "../store/hot/trial-columns.ts";
import { numericColumns } from "./trial-columns.ts";

const spec = {
  parameters: [
    {
      name: "lr",
      domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
      condition: undefined,
      default: undefined,
    },
    {
      name: "constructor",
      domain: { kind: "categorical", choices: ["adam", null, true, 3], ordered: false },
      condition: undefined,
      default: undefined,
    },
  ],
  objectives: [
    { name: "loss", goal: "minimize" },
    { name: "cost", goal: "minimize" },
  ],
} as const;

const blank = { states: [], attempts: [], revisions: [], endRevisions: [], violations: [], numbers: [] };
const timeless = { created: [], started: [], ended: [], leaseEnds: [] };

test("makes numbers of parameters, objectives and workers", () => {
  const columns: ChangedColumns = {
    ...blank,
    ...timeless,
    params: [
      { lr: 0.5, constructor: true },
      { constructor: null },
      { lr: 0, constructor: "sgd" },
      { lr: "0.5" },
      { lr: 1, constructor: 3 },
    ],
    values: [[1, 2], [], [3], [Infinity, -1], [5, 6]],
    workers: ["b", "", "b", "a", ""],
  };
  const { params, values, workers, workerNames } = numericColumns(spec, columns);
  expect(params).toEqual([
    [0.5, NaN, 0, NaN, 1],
    [2, 1, NaN, NaN, 3],
  ]);
  expect(values).toEqual([
    [1, NaN, 3, Infinity, 5],
    [2, NaN, NaN, -1, 6],
  ]);
  expect(workers).toEqual([0, 1, 0, 2, 1]);
  expect(workerNames).toEqual(["b", "", "a"]);
});
