import { create } from "@bufbuild/protobuf";
import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { TrialColumnsSchema, type Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { encodeValue } from "../spec.ts";
import { putTrials, type TrialColumns } from "../trial-columns.ts";

/** Writes one trial, given as the message that programs get, the way the stream brings it. */
export function putTrial(columns: TrialColumns, trial: Trial): void {
  const message = create(TrialColumnsSchema, {
    numbers: [trial.number],
    states: [trial.state],
    revisions: [trial.revision],
    endRevisions: [trial.endRevision],
    params: columns.dimensions.map((dimension) => ({
      numbers: [encodeValue(dimension, trial.params?.[dimension.name])],
    })),
    values: columns.values.map((_, index) => ({ numbers: [trial.values[index] ?? NaN] })),
    violations: [trial.violation],
    workers: [0],
    workerNames: [trial.worker],
    attempts: [trial.attempt],
    createTimes: [time(trial.createTime)],
    startTimes: [time(trial.startTime)],
    endTimes: [time(trial.endTime)],
    leaseExpireTimes: [time(trial.leaseExpireTime)],
  });
  putTrials(columns, message);
}

function time(stamp: Timestamp | undefined): number {
  return stamp === undefined ? NaN : timestampMs(stamp);
}
