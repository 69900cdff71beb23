import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { timelineOf } from "./timeline.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";

test("puts trials on their workers' lanes; a running one reaches to the present", () => {
  const columns = createTrialColumns([], 1);
  const rows = [
    {
      worker: "node-10",
      state: TrialState.COMPLETED,
      startTime: timestampFromMs(0),
      endTime: timestampFromMs(5_000),
    },
    {
      worker: "node-2",
      state: TrialState.FAILED,
      startTime: timestampFromMs(1_000),
      endTime: timestampFromMs(2_000),
    },
    { worker: "node-10", state: TrialState.RUNNING, startTime: timestampFromMs(6_000) },
    { worker: "", state: TrialState.WAITING },
    // Given back by a worker that fell silent.
    { worker: "node-2", state: TrialState.WAITING, startTime: timestampFromMs(3_000) },
  ];
  rows.forEach((row, number) => putTrial(columns, create(TrialSchema, { number, ...row })));
  const timeline = timelineOf(columns, 9_000);
  expect(timeline.lanes).toEqual([
    { name: "node-2", trials: 1, failed: 1, top: 0, bottom: 1 },
    { name: "node-10", trials: 2, failed: 0, top: 1, bottom: 2 },
  ]);
  expect(timeline.bars.map(({ row, lane, from, to }) => [row, lane, from, to])).toEqual([
    [1, 0, 1_000, 2_000],
    [0, 1, 0, 5_000],
    [2, 1, 6_000, 9_000],
  ]);
  expect([timeline.from, timeline.to, timeline.left]).toEqual([0, 9_000, 0]);
});

test("trials that one worker has at the same time lie below one another, as many as fit, then thinner", () => {
  const columns = createTrialColumns([], 1);
  const at = (worker: string, from: number, to: number) => ({
    worker,
    state: TrialState.COMPLETED,
    startTime: timestampFromMs(from),
    endTime: timestampFromMs(to),
  });
  const rows = [
    at("", 0, 4_000),
    at("", 1_000, 2_000),
    at("", 1_500, 5_000),
    // Each takes up the first line that is free by then.
    at("", 2_000, 3_000),
    at("", 4_000, 6_000),
    ...Array.from({ length: 24 }, () => at("many", 1_000, 2_000)),
    at("one", 0, 6_000),
  ];
  rows.forEach((row, number) => putTrial(columns, create(TrialSchema, { number, ...row })));
  const { lanes, bars } = timelineOf(columns, 9_000);
  expect(lanes.map(({ name, top, bottom }) => [name, top, bottom])).toEqual([
    ["(no name)", 0, 3],
    ["many", 3, 15],
    ["one", 15, 16],
  ]);
  const linesOf = (lane: number) =>
    bars.filter((bar) => bar.lane === lane).map(({ top, bottom }) => [top, bottom]);
  expect(linesOf(0)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [1, 2],
    [0, 1],
  ]);
  expect(linesOf(1)).toEqual(Array.from({ length: 24 }, (_, line) => [3 + line / 2, 3.5 + line / 2]));
  expect(linesOf(2)).toEqual([[15, 16]]);
});

test("imported trials are on nobody's lane, unless it is known when they ran", () => {
  const columns = createTrialColumns([], 1);
  const at = (from: number, to: number) => ({
    state: TrialState.COMPLETED,
    startTime: timestampFromMs(from),
    endTime: timestampFromMs(to),
  });
  const rows = [at(7_000, 7_000), at(7_000, 7_000), at(1_000, 4_000), { ...at(5_000, 5_000), attempt: 1 }];
  rows.forEach((row, number) => putTrial(columns, create(TrialSchema, { number, ...row })));
  const timeline = timelineOf(columns, 9_000);
  expect(timeline.bars.map(({ row }) => row)).toEqual([2, 3]);
  expect(timeline).toMatchObject({ imported: 2, left: 0, from: 1_000, to: 5_000 });
});
