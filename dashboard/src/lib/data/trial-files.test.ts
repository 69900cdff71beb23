import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { lookOf } from "../ui/trial-states.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";
import { trialsAsCsv, trialsAsJson } from "./trial-files.ts";
import { trialFields } from "./trial-rows.ts";

const columns = createTrialColumns(
  [
    { name: "lr", kind: "real", low: 0, high: 1, log: false, choices: [] },
    {
      name: "act",
      kind: "categorical",
      low: 0,
      high: 1,
      log: false,
      choices: ["relu", true],
    },
  ],
  1,
);
const completed = {
  state: TrialState.COMPLETED,
  startTime: timestampFromMs(1_000),
  endTime: timestampFromMs(3_500),
};
putTrial(
  columns,
  create(TrialSchema, {
    number: 0,
    ...completed,
    values: [3],
    params: { lr: 0.5, act: "relu" },
    worker: 'a "b"',
    attempt: 1,
  }),
);
putTrial(columns, create(TrialSchema, { number: 1, state: TrialState.FAILED, params: { act: true } }));

const targets = [{ name: "loss", sign: 1 as const }];
const source = { columns, targets, stateName: (state: number) => lookOf(state).filter };

test("a file of comma-separated values has a line for each trial, and nothing where a trial has nothing", () => {
  const text = trialsAsCsv(source, trialFields(columns, targets, 0), [1, 0]);
  expect(text.replace("\uFEFF", "").split("\r\n")).toEqual([
    "Trial,State,loss,lr,act,Duration,Worker,Attempts,Ended",
    "1,FAILED,,,true,,,0,",
    '0,COMPLETED,3,0.5,relu,2500,"a ""b""",1,1970-01-01T00:00:03.500Z',
    "",
  ]);
});

test("a trial in JSON has what it has and nothing else", () => {
  expect(JSON.parse(trialsAsJson(source, [0, 1]))).toEqual([
    {
      number: 0,
      state: "COMPLETED",
      params: { lr: 0.5, act: "relu" },
      values: { loss: 3 },
      worker: 'a "b"',
      attempt: 1,
      startTime: "1970-01-01T00:00:01.000Z",
      endTime: "1970-01-01T00:00:03.500Z",
    },
    { number: 1, state: "FAILED", params: { act: true }, values: {}, attempt: 0 },
  ]);
});

test("an infinite value in JSON is said as the API says it", () => {
  const one = createTrialColumns([], 2);
  putTrial(one, create(TrialSchema, { number: 0, ...completed, values: [Infinity, -Infinity] }));
  const both = [...targets, { name: "gain", sign: -1 as const }];
  const [trial] = JSON.parse(trialsAsJson({ ...source, columns: one, targets: both }, [0])) as unknown[];
  expect(trial).toMatchObject({ values: { loss: "Infinity", gain: "-Infinity" } });
});
