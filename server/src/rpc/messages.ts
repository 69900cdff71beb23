import { type MessageInitShape, create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type FinishReason,
  StudySchema,
  type StudyState,
  TrialCountsSchema,
  type Study as WireStudy,
} from "@asktell/proto/asktell/v1/study_pb";
import {
  type Measurement as WireMeasurement,
  NumberColumnSchema,
  type Trial as WireTrial,
  type TrialColumns as WireTrialColumns,
  TrialColumnsSchema,
  TrialSchema,
  TrialState,
} from "@asktell/proto/asktell/v1/trial_pb";
import {
  type StudyState as StudyStateName,
  type TerminalState,
  finishReasons,
  studyStates,
  trialStates,
} from "../store/states.ts";
import type { ImportedMeasurement } from "../studies/imported-trial.ts";
import type { Study } from "../studies/study.ts";
import type { WholeTrial } from "../studies/whole-trial.ts";
import type { Trial } from "../studies/trial.ts";
import type { TrialColumns } from "../studies/trial-columns.ts";
import { studyName, trialName } from "./names.ts";
import { wireSpec } from "./wire-spec.ts";
import { structOf, timeOf } from "./values.ts";

/** A study as clients see it. */
export function wireStudy(study: Study): WireStudy {
  const { clock } = study;
  const { counts } = clock;
  return create(StudySchema, {
    ...wireSpec(study.spec),
    name: studyName(study.projectName, study.name),
    displayName: study.displayName,
    labels: { ...study.labels },
    attributes: structOf(study.attributes),
    note: study.note,
    state: wireStudyState(clock.state),
    finishReason: finishReasons.indexOf(clock.finishReason) as FinishReason,
    trialCounts: create(TrialCountsSchema, { total: clock.nextNumber, ...counts }),
    createTime: timestampFromDate(study.createdAt),
    updateTime: timestampFromDate(study.updatedAt),
    ...(clock.finishedAt === undefined ? {} : { finishTime: timestampFromDate(clock.finishedAt) }),
    ...(study.lastActivityAt === undefined
      ? {}
      : { lastActivityTime: timestampFromDate(study.lastActivityAt) }),
    revision: BigInt(clock.revision),
    ...(clock.best === undefined ? {} : { bestTrial: clock.best.number, bestValues: [clock.best.value] }),
    etag: String(study.version),
  });
}

/** The enum's numbers are the indices of the store's list. */
export function wireStudyState(state: StudyStateName): StudyState {
  return studyStates.indexOf(state) as StudyState;
}

/** Which study's trials are written: needed for their names. */
export interface StudyOfTrials {
  readonly projectName: string;
  readonly name: string;
}

/** A trial as clients see it; with measurements and late observations if it is given with them. */
export function wireTrial(study: StudyOfTrials, trial: Trial | WholeTrial): WireTrial {
  const message: MessageInitShape<typeof TrialSchema> = {
    name: trialName(study.projectName, study.name, trial.number),
    number: trial.number,
    state: trialStates.indexOf(trial.state) as TrialState,
    params: { ...trial.params },
    values: [...trial.values],
    metrics: { ...trial.metrics },
    worker: trial.worker,
    attempt: trial.attempt,
    leaseToken: trial.leaseToken,
    attributes: structOf(trial.attributes),
    failure: trial.failure,
    createTime: timestampFromDate(trial.createdAt),
    suggestion: {
      sampler: trial.sampler,
      reason: trial.reason,
      historyRevision: BigInt(trial.historyRevision),
      specVersion: trial.specVersion,
      expectedValues: trial.expected.slice(0, trial.expected.length / 2),
      expectedDeviations: trial.expected.slice(trial.expected.length / 2),
      ...(trial.fixed === undefined ? {} : { fixedParams: { ...trial.fixed } }),
    },
    violation: trial.violation,
    revision: BigInt(trial.revision),
    endRevision: BigInt(trial.endRevision),
    formerPoints: trial.formerPoints.map(({ params, until }) => ({
      params: { ...params },
      untilRevision: BigInt(until),
    })),
  };
  if (trial.leaseExpiresAt !== undefined) message.leaseExpireTime = timestampFromDate(trial.leaseExpiresAt);
  if (trial.heardAt !== undefined) message.lastSeenTime = timestampFromDate(trial.heardAt);
  if (trial.startedAt !== undefined) message.startTime = timestampFromDate(trial.startedAt);
  if (trial.endedAt !== undefined) message.endTime = timestampFromDate(trial.endedAt);
  if ("measurements" in trial) {
    message.measurements = trial.measurements.map(({ step, values, metrics, reportedAt }) => ({
      step,
      values: [...values],
      metrics: { ...metrics },
      reportTime: timestampFromDate(reportedAt),
    }));
    message.lateObservations = trial.lateObservations.map(
      ({ attempt, state, values, metrics, worker, toldAt }) => ({
        attempt,
        state: trialStates.indexOf(state) as TrialState,
        values: [...values],
        metrics: { ...metrics },
        worker,
        tellTime: timestampFromDate(toldAt),
      }),
    );
  }
  return create(TrialSchema, message);
}

/** Columns of trials as clients see them. Columns that say nothing are left out: most trials violate no constraint. */
export function wireColumns(columns: TrialColumns): WireTrialColumns {
  const known = (times: readonly number[]): number[] =>
    times.every((time) => Number.isNaN(time)) ? [] : [...times];
  return create(TrialColumnsSchema, {
    numbers: [...columns.numbers],
    // The store's codes are the enum's numbers.
    states: [...columns.states] as TrialState[],
    revisions: columns.revisions.map(BigInt),
    endRevisions: columns.endRevisions.map(BigInt),
    params: columns.params.map(numberColumn),
    values: columns.values.map(numberColumn),
    violations: columns.violations.every((violation) => violation === 0) ? [] : [...columns.violations],
    workers: [...columns.workers],
    workerNames: [...columns.workerNames],
    attempts: [...columns.attempts],
    createTimes: [...columns.created],
    startTimes: known(columns.started),
    endTimes: known(columns.ended),
    leaseExpireTimes: known(columns.leaseEnds),
  });
}

function numberColumn(numbers: readonly number[]) {
  return create(NumberColumnSchema, { numbers: [...numbers] });
}

/** How a worker says that a trial ended; undefined when it left that to the server. The message's rules allow no other state. */
export function terminalState(state: TrialState): TerminalState | undefined {
  switch (state) {
    case TrialState.COMPLETED:
      return "completed";
    case TrialState.PRUNED:
      return "pruned";
    case TrialState.FAILED:
      return "failed";
    case TrialState.INFEASIBLE:
      return "infeasible";
    default:
      return undefined;
  }
}

/**
 * A measurement that a client sends.
 *
 * @param field - its path in the request
 * @throws StudyError INVALID_REQUEST for a time that no timestamp can be
 */
export function measurementOf(wire: WireMeasurement, field: string): ImportedMeasurement {
  return {
    step: wire.step,
    values: wire.values,
    metrics: wire.metrics,
    reportedAt: timeOf(wire.reportTime, `${field}.report_time`),
  };
}
