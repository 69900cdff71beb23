import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { TrialColumnsSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { COMPLETED, RUNNING, createTrialColumns, putTrials } from "./trial-columns.ts";

const message = (init: MessageInitShape<typeof TrialColumnsSchema>) => create(TrialColumnsSchema, init);

test("puts trials into their rows in whatever order they come, and counts the new ones", () => {
  const columns = createTrialColumns([], 1, 2);
  const first = message({
    numbers: [300, 1],
    states: [COMPLETED, RUNNING],
    revisions: [7n, 8n],
    endRevisions: [7n, 0n],
    values: [{ numbers: [0.5, NaN] }],
    workers: [1, 0],
    workerNames: ["b", "a"],
    attempts: [1, 2],
    createTimes: [100, 200],
    endTimes: [150, NaN],
  });
  expect(putTrials(columns, first)).toBe(2);
  expect(columns.length).toBe(301);
  expect([columns.state[300], columns.state[1], columns.state[0]]).toEqual([COMPLETED, RUNNING, 0]);
  expect([columns.values[0]![300], columns.values[0]![1]]).toEqual([0.5, NaN]);
  expect([300, 1].map((row) => columns.workers[columns.worker[row]!])).toEqual(["a", "b"]);
  expect([300, 1].map((row) => columns.ended[row])).toEqual([150, NaN]);

  // Names have other indices in each message.
  const second = message({
    numbers: [1, 2],
    states: [COMPLETED, RUNNING],
    revisions: [9n, 10n],
    endRevisions: [9n, 0n],
    values: [{ numbers: [0.25, NaN] }],
    workers: [0, 1],
    workerNames: ["a", "c"],
    attempts: [2, 1],
    createTimes: [200, 300],
  });
  expect(putTrials(columns, second)).toBe(1);
  expect([300, 1, 2].map((row) => columns.workers[columns.worker[row]!])).toEqual(["a", "a", "c"]);
  expect(columns.values[0]![1]).toBe(0.25);
});

test("takes a column that is left out as one of trials that lack it", () => {
  const columns = createTrialColumns([], 1, 2);
  putTrials(columns, message({ numbers: [0], states: [COMPLETED], revisions: [1n], createTimes: [5] }));
  const { started, ended, leaseEnds, violation, worker, endRevision, values } = columns;
  expect([started[0], ended[0], leaseEnds[0], values[0]![0]]).toEqual([NaN, NaN, NaN, NaN]);
  expect([violation[0], worker[0], endRevision[0]]).toEqual([0, 0, 0]);
});
