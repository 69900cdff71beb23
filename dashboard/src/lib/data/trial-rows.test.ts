import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";
import { sortRows, trialFields } from "./trial-rows.ts";

const columns = createTrialColumns(
  [{ name: "lr", kind: "real", low: 0, high: 1, log: false, choices: [] }],
  1,
);
const told: readonly { values: number[]; params: Record<string, number> }[] = [
  { values: [3], params: { lr: 0.5 } },
  { values: [], params: { lr: 0.1 } },
  { values: [1], params: {} },
  { values: [3], params: { lr: 0.2 } },
];
told.forEach((result, number) =>
  putTrial(columns, create(TrialSchema, { number, state: TrialState.COMPLETED, ...result })),
);
const fields = trialFields(columns, [{ name: "loss", sign: 1 }], 0);
const by = (key: string) => fields.find((field) => field.key === key)!.measure;

test("rows are sorted stably, and those without a value come last both ways", () => {
  expect([...sortRows(4, () => true, by("values.loss"), false)]).toEqual([2, 0, 3, 1]);
  expect([...sortRows(4, () => true, by("values.loss"), true)]).toEqual([0, 3, 2, 1]);
  expect([...sortRows(4, (row) => row !== 0, by("params.lr"), false)]).toEqual([1, 3, 2]);
});

test("rows by worker are in the order of the workers' names, those without one last", () => {
  const some = createTrialColumns([], 1);
  ["node-10", "", "node-2", "alpha", "node-10"].forEach((worker, number) =>
    putTrial(some, create(TrialSchema, { number, state: TrialState.RUNNING, worker })),
  );
  const measure = trialFields(some, [], 0).find(({ key }) => key === "worker")!.measure;
  expect([...sortRows(5, () => true, measure, false)]).toEqual([3, 2, 0, 4, 1]);
  expect([...sortRows(5, () => true, measure, true)]).toEqual([0, 4, 2, 3, 1]);
});

test("rows by number need no measure", () => {
  expect([...sortRows(4, (row) => row !== 1, undefined, false)]).toEqual([0, 2, 3]);
  expect([...sortRows(4, (row) => row !== 1, undefined, true)]).toEqual([3, 2, 0]);
});
