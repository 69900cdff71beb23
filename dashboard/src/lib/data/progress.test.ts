import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { leasesOf, progressOf } from "./progress.ts";
import { createTrialColumns, putTrial } from "./trial-columns.ts";

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

test("leases that end within a minute are counted apart, and workers once each", () => {
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
  expect(leasesOf(columns, 0)).toEqual({ trials: 3, workers: 2, ending: 1 });
});
