import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Goal, StudySchema, StudyState } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { compareStudies, progressLine, type ComparedStudy } from "./compare-studies.ts";

const one = (best: number, maxTrials?: number, goal: Goal = Goal.MINIMIZE): ComparedStudy => ({
  study: create(StudySchema, {
    state: StudyState.ACTIVE,
    createTime: timestampFromMs(1_000),
    objectives: [{ name: "loss", goal }],
    trialCounts: { total: 12, completed: 8, pruned: 1, failed: 1, running: 2 },
    ...(maxTrials === undefined ? {} : { maxTrials }),
  }),
  progress: { numbers: [0, 6], ended: [1, 5], values: [0.9, best], times: [2_000, 9_000] },
  params: { lr: best / 10 },
});
const linesOf = (all: readonly ComparedStudy[]) =>
  new Map(compareStudies(all, 11_000).flatMap(({ lines }) => lines.map((line) => [line.label, line])));

test("a line counts trials, the share of the budget, or time since the creation", () => {
  const study = one(0.3, 20);
  expect(progressLine(study, "trials", 11_000)).toEqual({ x: [1, 5], y: [0.9, 0.3], end: 10 });
  expect(progressLine(study, "budget", 11_000)).toEqual({ x: [0.05, 0.25], y: [0.9, 0.3], end: 0.5 });
  expect(progressLine(study, "time", 11_000)).toEqual({ x: [1_000, 8_000], y: [0.9, 0.3], end: 10_000 });
  expect(progressLine(one(0.3), "budget", 11_000).end).toBe(1);
});

test("a trial whose end is unknown leaves no step on the axis of time", () => {
  const study = one(0.3);
  const progress = { ...study.progress, times: [NaN, 9_000] };
  expect(progressLine({ ...study, progress }, "time", 11_000)).toMatchObject({ x: [8_000], y: [0.3] });
});

test("the best of comparable studies is marked, and what differs is told", () => {
  const lines = linesOf([one(0.3, 20), one(0.2, 20)]);
  expect(lines.get("Best value")).toMatchObject({ values: [0.3, 0.2], differs: true, best: [false, true] });
  expect(lines.get("lr")).toMatchObject({ values: [0.03, 0.02], differs: true });
  expect(lines.get("Trials allowed")).toMatchObject({ values: ["20", "20"], differs: false });
  expect(lines.get("Time")).toMatchObject({
    values: [{ milliseconds: 10_000 }, { milliseconds: 10_000 }],
    differs: false,
  });
  expect(linesOf([one(0.3, 20, Goal.MAXIMIZE), one(0.2, 20, Goal.MAXIMIZE)]).get("Best value")?.best).toEqual(
    [true, false],
  );
});

test("studies with different objectives have no common best", () => {
  expect(linesOf([one(0.3), one(0.2, undefined, Goal.MAXIMIZE)]).get("Best value")?.best).toEqual([
    false,
    false,
  ]);
});
