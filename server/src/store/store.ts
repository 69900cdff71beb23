import type { Pool } from "pg";
import { type AddBatch, addStatement } from "./hot/add.ts";
import { type AskBatch, type Grant, type RequestRecord, askStatement, asksLeft } from "./hot/ask.ts";
import { type TrialChange, changesSince, trialsByNumber } from "./hot/changes.ts";
import { type Cancellation, cancelStatement } from "./hot/cancel.ts";
import { bestTrials } from "./hot/best-trials.ts";
import { findTrials } from "./hot/find-trials.ts";
import { type Clock, changeState, overdueStudies, readClock, readRevisions } from "./hot/clock.ts";
import { type Edit, editStatement } from "./hot/edit.ts";
import { type TrialPage, type TrialQuery, listTrials } from "./hot/list-trials.ts";
import { type WorkerRecord, listWorkers } from "./hot/workers.ts";
import { reclaimLease, studiesWithExpiredLeases, sweepLeases, trialsHeldBy } from "./hot/leases.ts";
import { mergeChanges, studiesWithScatteredChanges } from "./hot/merge-changes.ts";
import { readExpectations } from "./hot/expectations.ts";
import { type Renewal, type Report, reportStatement, runningCurve, runningReports } from "./hot/report.ts";
import { findRequests, forgetOldRequests } from "./hot/requests.ts";
import { keepLateObservation } from "./hot/late-observation.ts";
import { type Tell, type TellAnswer, tellStatement } from "./hot/tell.ts";
import { type ChangedColumns, readColumnsSince } from "./hot/trial-columns.ts";
import type { TrialFilter } from "./hot/trial-query.ts";
import type { Measurement } from "./hot/trial-row.ts";
import {
  type LateObservation,
  type TrialDetail,
  readLateObservations,
  readMeasurements,
  readTrials,
  readTrialsSince,
  setTrialAttributes,
} from "./hot/trials.ts";
import { withRetry } from "./retry.ts";
import { finishReasons, studyStates, type FinishReason, type StudyState } from "./states.ts";
import { type StoredSource, readSources } from "./sources.ts";
import {
  type NewStudy,
  type StudyChange,
  type StudyFilter,
  type StudyRecord,
  deleteStudy,
  insertStudy,
  listStudies,
  readSpecs,
  readStudy,
  readStudyByName,
  removeDeletedTrials,
  updateStudy,
} from "./study/index.ts";

/**
 * The studies and trials in PostgreSQL, as the use cases see them. Every method is one statement or one transaction: done and
 * durable once it has answered, or not done at all. A broken connection is tried again where that cannot do a thing twice.
 * All methods throw StoreUnavailableError when the database cannot serve them.
 */
export interface Store {
  insertStudy(study: NewStudy): Promise<number | undefined>;
  readStudy(id: number): Promise<StudyRecord | undefined>;
  readStudyByName(projectId: number, name: string): Promise<StudyRecord | undefined>;
  listStudies(
    filter: StudyFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ studies: StudyRecord[]; total: number }>;
  updateStudy(change: StudyChange): Promise<boolean>;
  readSpecs(
    studyId: number,
  ): Promise<{ version: number; spec: Readonly<Record<string, unknown>>; createdAt: Date }[]>;
  /** What a study took over from earlier ones. */
  readSources(studyId: number): Promise<StoredSource[]>;
  deleteStudy(studyId: number, force: boolean): Promise<boolean>;
  removeDeletedTrials(): Promise<boolean>;
  /** Moves a study from one of some states to another; undefined when it is in none of them. */
  changeState(
    studyId: number,
    from: readonly StudyState[],
    to: StudyState,
    reason: FinishReason,
  ): Promise<Clock | undefined>;

  readClock(studyId: number): Promise<Clock | undefined>;
  readRevisions(studyIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  overdueStudies(): Promise<number[]>;
  changesSince(
    studyId: number,
    revision: number,
    known: number,
    limit: number,
    metrics: readonly string[],
  ): Promise<TrialChange[]>;
  trialsByNumber(
    studyId: number,
    from: number,
    to: number,
    limit: number,
    metrics: readonly string[],
  ): Promise<TrialChange[]>;

  ask(batch: AskBatch): Promise<Grant | undefined>;
  /** How many trials tokens with a cap may still be handed; tokens that are gone are left out. */
  asksLeft(tokenIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  tell(studyId: number, tells: readonly Tell[], mayHaveReported: boolean): Promise<TellAnswer>;
  /** Answers whether the result is kept: not if its attempt has told another one before. */
  keepLateObservation(studyId: number, attempt: number, worker: string, tell: Tell): Promise<boolean>;
  report(reports: readonly Report[]): Promise<(Renewal | undefined)[]>;
  runningCurve(
    studyId: number,
    number: number,
    attempt: number,
  ): Promise<{ step: number; values: number[] }[]>;
  runningReports(studyId: number): Promise<{ number: number; attempt: number; reports: number }[]>;
  add(batch: AddBatch): Promise<boolean>;
  edit(edit: Edit): Promise<boolean>;
  cancel(cancellation: Cancellation): Promise<boolean>;
  findRequests(studyId: number, keys: readonly string[]): Promise<ReadonlyMap<string, RequestRecord>>;
  /** Removes some of the answers that need not be kept any more; answers whether there may be more. */
  forgetOldRequests(): Promise<boolean>;

  /** The studies whose log of changes has many short rows. */
  studiesWithScatteredChanges(): Promise<number[]>;
  /** Merges the oldest of them; answers whether there are enough for another time. */
  mergeChanges(studyId: number): Promise<boolean>;
  studiesWithExpiredLeases(): Promise<number[]>;
  sweepLeases(studyId: number): Promise<{ requeued: number; failed: number }>;
  reclaimLease(
    studyId: number,
    number: number,
    attempt: number | undefined,
    leaseSeconds: number,
  ): Promise<boolean>;
  trialsHeldBy(
    studyId: number,
    worker: string,
    limit: number,
  ): Promise<{ number: number; attempt: number }[]>;

  listWorkers(projectId: number, limit: number): Promise<{ workers: WorkerRecord[]; total: number }>;
  readTrials(studyId: number, numbers: readonly number[]): Promise<TrialDetail[]>;
  listTrials(studyId: number, query: TrialQuery): Promise<TrialPage>;
  bestTrials(studyId: number, goals: readonly (1 | -1)[], limit: number): Promise<TrialDetail[]>;
  readTrialsSince(studyId: number, revision: number, limit: number): Promise<TrialDetail[]>;
  readColumnsSince(studyId: number, revision: number, limit: number): Promise<ChangedColumns>;
  findTrials(studyId: number, filter: TrialFilter | undefined): Promise<number[]>;
  readMeasurements(studyId: number, numbers: readonly number[]): Promise<ReadonlyMap<number, Measurement[]>>;
  readExpectations(
    studyId: number,
    numbers: readonly number[],
  ): Promise<ReadonlyMap<number, readonly number[]>>;
  readLateObservations(
    studyId: number,
    numbers: readonly number[],
  ): Promise<ReadonlyMap<number, LateObservation[]>>;
  setTrialAttributes(studyId: number, number: number, attributes: string): Promise<boolean>;
}

export interface StoreOptions {
  /** How long a call goes on trying while the database is away, ms. @default 10000 */
  readonly deadlineMs?: number;
}

/**
 * The store over two pools, so that listing and exporting cannot keep asks and tells waiting.
 *
 * @param hot - ask, report, tell and what they need; with the settings `keyLookups`
 * @param cold - everything else
 */
export function createStore(hot: Pool, cold: Pool, options: StoreOptions = {}): Store {
  const deadlineMs = options.deadlineMs ?? 10_000;
  const again = <T>(attempt: () => Promise<T>) => withRetry(attempt, { idempotent: true, deadlineMs });
  const once = <T>(attempt: () => Promise<T>) => withRetry(attempt, { idempotent: false, deadlineMs });
  return {
    // A second run finds the study by its uid.
    insertStudy: (study) => again(() => insertStudy(cold, study)),
    readStudy: (id) => again(() => readStudy(hot, id)),
    readStudyByName: (projectId, name) => again(() => readStudyByName(hot, projectId, name)),
    listStudies: (filter, before, limit) => again(() => listStudies(cold, filter, before, limit)),
    updateStudy: (change) => once(() => updateStudy(cold, change)),
    readSpecs: (studyId) => again(() => readSpecs(cold, studyId)),
    readSources: (studyId) => again(() => readSources(hot, studyId)),
    deleteStudy: (studyId, force) => once(() => deleteStudy(cold, studyId, force)),
    removeDeletedTrials: () => again(() => removeDeletedTrials(cold)),
    // A second run finds the study moved, and answers what callers take for somebody else's doing.
    changeState: (studyId, from, to, reason) =>
      again(() =>
        changeState(
          hot,
          studyId,
          from.map((state) => studyStates.indexOf(state)),
          studyStates.indexOf(to),
          finishReasons.indexOf(reason),
        ),
      ),

    readClock: (studyId) => again(() => readClock(hot, studyId)),
    readRevisions: (studyIds) => again(() => readRevisions(hot, studyIds)),
    overdueStudies: () => again(() => overdueStudies(cold)),
    changesSince: (studyId, revision, known, limit, metrics) =>
      again(() => changesSince(hot, studyId, revision, known, limit, metrics)),
    trialsByNumber: (studyId, from, to, limit, metrics) =>
      again(() => trialsByNumber(hot, studyId, from, to, limit, metrics)),

    // A second run finds its numbers taken and does nothing.
    ask: (batch) => again(() => askStatement(hot, batch)),
    asksLeft: (tokenIds) => again(() => asksLeft(hot, tokenIds)),
    // A second run finds the trials ended under its own keys.
    tell: (studyId, tells, mayHaveReported) =>
      again(() => tellStatement(hot, studyId, tells, mayHaveReported)),
    keepLateObservation: (studyId, attempt, worker, tell) =>
      again(() => keepLateObservation(hot, studyId, attempt, worker, tell)),
    report: (reports) => again(() => reportStatement(hot, reports)),
    runningCurve: (studyId, number, attempt) => again(() => runningCurve(hot, studyId, number, attempt)),
    runningReports: (studyId) => again(() => runningReports(hot, studyId)),
    // A second run finds its numbers taken; the caller then looks for its key, and without one cannot know.
    add: (batch) => (batch.request === undefined ? once : again)(() => addStatement(hot, batch)),
    // A second run finds the trial changed; the caller then looks for its key, and without one cannot know.
    edit: (edit) => (edit.request === undefined ? once : again)(() => editStatement(hot, edit)),
    cancel: (cancellation) =>
      (cancellation.request === undefined ? once : again)(() => cancelStatement(hot, cancellation)),
    findRequests: (studyId, keys) => again(() => findRequests(hot, studyId, keys)),
    forgetOldRequests: () => again(() => forgetOldRequests(cold)),

    studiesWithScatteredChanges: () => again(() => studiesWithScatteredChanges(cold)),
    // A second run merges the next rows.
    mergeChanges: (studyId) => again(() => mergeChanges(cold, studyId)),
    studiesWithExpiredLeases: () => again(() => studiesWithExpiredLeases(cold)),
    sweepLeases: (studyId) => again(() => sweepLeases(hot, studyId)),
    reclaimLease: (studyId, number, attempt, leaseSeconds) =>
      again(() => reclaimLease(hot, studyId, number, attempt, leaseSeconds)),
    trialsHeldBy: (studyId, worker, limit) => again(() => trialsHeldBy(hot, studyId, worker, limit)),

    listWorkers: (projectId, limit) => again(() => listWorkers(cold, projectId, limit)),
    readTrials: (studyId, numbers) => again(() => readTrials(hot, studyId, numbers)),
    listTrials: (studyId, query) => again(() => listTrials(cold, studyId, query)),
    bestTrials: (studyId, goals, limit) => again(() => bestTrials(cold, studyId, goals, limit)),
    readTrialsSince: (studyId, revision, limit) =>
      again(() => readTrialsSince(cold, studyId, revision, limit)),
    readColumnsSince: (studyId, revision, limit) =>
      again(() => readColumnsSince(cold, studyId, revision, limit)),
    findTrials: (studyId, filter) => again(() => findTrials(cold, studyId, filter)),
    readMeasurements: (studyId, numbers) => again(() => readMeasurements(cold, studyId, numbers)),
    readExpectations: (studyId, numbers) => again(() => readExpectations(cold, studyId, numbers)),
    readLateObservations: (studyId, numbers) => again(() => readLateObservations(cold, studyId, numbers)),
    setTrialAttributes: (studyId, number, attributes) =>
      again(() => setTrialAttributes(cold, studyId, number, attributes)),
  };
}
