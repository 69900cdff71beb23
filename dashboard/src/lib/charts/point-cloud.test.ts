import { create } from "@bufbuild/protobuf";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { expect, test } from "vitest";
import { putTrial } from "../data/testing/put-trial.ts";
import { BREAKING, COMPLETED, PRUNED, createTrialColumns } from "../data/trial-columns.ts";
import { createPointCloud } from "./point-cloud.ts";

const columns = createTrialColumns([], 1);
const trials = [
  { state: TrialState.COMPLETED, values: [3] },
  { state: TrialState.COMPLETED, values: [1], violation: 8 },
  { state: TrialState.PRUNED, values: [2] },
  { state: TrialState.FAILED },
];
trials.forEach((trial, number) => putTrial(columns, create(TrialSchema, { number, ...trial })));
const cloud = (wanted?: ReadonlySet<number>) => createPointCloud(columns, 0, (row) => row, wanted);

test("completed trials that break constraints are marked apart, above those that were stopped", () => {
  const { x, y, state, row, missing } = cloud();
  expect([...row]).toEqual([2, 0, 1]);
  expect([...state]).toEqual([PRUNED, COMPLETED, BREAKING]);
  expect([...x]).toEqual([2, 0, 1]);
  expect([...y]).toEqual([2, 3, 1]);
  expect(missing).toBe(1);
});

test("each mark is shown or hidden by itself", () => {
  expect([...cloud(new Set([COMPLETED])).row]).toEqual([0]);
  expect([...cloud(new Set([BREAKING, PRUNED])).row]).toEqual([2, 1]);
});
