import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { StudySchema, StudyState } from "@asktell/proto/asktell/v1/study_pb";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { deadlineOf, leasesOf, progressOf } from "./progress.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";

const minute = 60_000;
const study = create(StudySchema, { maxTrials: 20, trialCounts: { total: 12, running: 2, completed: 10 } });

test("the pace is what ended over the time since, and the rest follows from it", () => {
  const columns = createTrialColumns([], 1);
  for (let number = 0; number < 11; number++) {
    putTrial(
      columns,
      create(TrialSchema, { number, state: TrialState.COMPLETED, endTime: timestampFromMs(number * minute) }),
    );
  }
  const { perHour, left } = progressOf(study, columns, 10 * minute);
  expect(perHour).toBeCloseTo(60, 9);
  expect(left).toBeCloseTo(10 * minute, 6);
});

test("there is no pace before two trials have ended, nor a rest without a limit", () => {
  const columns = createTrialColumns([], 1);
  expect(progressOf(study, columns, 0)).toEqual({ perHour: NaN, left: undefined });
});

test("leases about to end are counted apart, and workers once each", () => {
  const columns = createTrialColumns([], 1);
  for (const [number, [worker, lease]] of (
    [
      ["a", 30_000],
      ["a", 90_000],
      ["b", 10 * minute],
    ] as const
  ).entries()) {
    putTrial(
      columns,
      create(TrialSchema, {
        number,
        worker,
        state: TrialState.RUNNING,
        leaseExpireTime: timestampFromMs(lease),
      }),
    );
  }
  expect(leasesOf(columns, new Map(), 0)).toEqual({ trials: 3, workers: 2, ending: 1 });
  const renewed = new Map([[0, { ends: 10 * minute, seen: 0 }]]);
  expect(leasesOf(columns, renewed, 0)).toEqual({ trials: 3, workers: 2, ending: 0 });
});

test("a limit of time leaves what has not passed since the creation, while the study is active", () => {
  const limited = { createTime: timestampFromMs(0), maxDuration: durationFromMs(60 * minute) };
  expect(deadlineOf({ ...limited, state: StudyState.ACTIVE }, 15 * minute)).toBe(45 * minute);
  expect(deadlineOf({ ...limited, state: StudyState.ACTIVE }, 90 * minute)).toBe(0);
  expect(deadlineOf({ ...limited, state: StudyState.PAUSED }, 15 * minute)).toBeUndefined();
  expect(deadlineOf({ ...study, state: StudyState.ACTIVE }, 0)).toBeUndefined();
});
