import type { WorkerRecord } from "../store/hot/workers.ts";
import type { StudyFilter } from "../store/study/index.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type ExportItem, exportStudy } from "./export-study.ts";
import { decodePageToken, encodePageToken, parseFilter, parseOrderBy } from "./filter/index.ts";
import { type Study, ifLiving, studyOf } from "./study.ts";
import { type Trial, withoutLease } from "./trial.ts";
import { type WholeTrial, readWhole } from "./whole-trial.ts";

/** A question for a list of trials, in the words of the API. */
export interface ListQuery {
  /** 0: 1,000. At most 10,000. */
  readonly pageSize: number;
  readonly pageToken: string;
  readonly filter: string;
  readonly orderBy: string;
  /** With measurements and late observations. */
  readonly isWhole: boolean;
}

export interface TrialList {
  readonly study: StudyInfo;
  readonly trials: readonly (Trial | WholeTrial)[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  /** How many trials match in all. */
  readonly total: number;
}

export interface Reading {
  listStudies(
    filter: StudyFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ studies: Study[]; total: number }>;
  /** Who works on the studies of a project. @param limit - 0: 200. At most 1,000 */
  listWorkers(projectId: number, limit: number): Promise<{ workers: WorkerRecord[]; total: number }>;
  getTrial(ref: StudyRef, number: number): Promise<WholeTrial>;
  listTrials(ref: StudyRef, query: ListQuery): Promise<TrialList>;
  /** The numbers of the trials that a filter names, ascending. */
  findTrials(ref: StudyRef, filter: string): Promise<number[]>;
  /** The best trials, best first; 0 for one with one objective and the whole front, up to 1,000, with several. */
  best(ref: StudyRef, limit: number): Promise<{ study: StudyInfo; trials: Trial[] }>;
  /** Replaces a trial's attributes. */
  setAttributes(
    ref: StudyRef,
    number: number,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<WholeTrial>;
  export(ref: StudyRef): AsyncGenerator<ExportItem>;
}

const defaultPage = 1_000;
const maxPage = 10_000;
const maxBest = 1_000;
const defaultWorkers = 200;
const maxWorkers = 1_000;

export function createReading(engine: Engine): Reading {
  const { store, directory } = engine;

  const whole = async (studyId: number, numbers: readonly number[]) =>
    readWhole(store, studyId, await store.readTrials(studyId, numbers));

  const getTrial: Reading["getTrial"] = (ref, number) =>
    directory.withStudy(ref, async (study) => {
      const [trial] = await ifLiving(store, study, whole(study.id, [number]));
      if (trial === undefined)
        throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${number}`);
      return trial;
    });

  return {
    getTrial,
    async listStudies(filter, before, limit) {
      const { studies, total } = await store.listStudies(filter, before, limit);
      return { studies: studies.map(studyOf), total };
    },
    listWorkers: (projectId, limit) =>
      store.listWorkers(projectId, Math.min(limit || defaultWorkers, maxWorkers)),
    listTrials: (ref, query) =>
      directory.withStudy(ref, async (study) => {
        const names = namesOf(study);
        const filter = parseFilter(query.filter, names);
        const order = parseOrderBy(query.orderBy, names);
        const list = { studyId: study.id, filter, order };
        const after = decodePageToken(list, query.pageToken);
        const limit = Math.min(query.pageSize || defaultPage, maxPage);
        const withReports = query.isWhole;
        const listing = store.listTrials(study.id, { filter, order, after, limit, withReports });
        const page = await ifLiving(store, study, listing);
        const trials = query.isWhole
          ? await readWhole(store, study.id, page.trials)
          : page.trials.map(withoutLease);
        const nextPageToken = page.next === undefined ? "" : encodePageToken(list, page.next);
        return { study, trials, nextPageToken, total: page.total };
      }),
    findTrials: (ref, filter) =>
      directory.withStudy(ref, (study) => {
        const wanted = parseFilter(filter, namesOf(study));
        return ifLiving(store, study, store.findTrials(study.id, wanted));
      }),
    best: (ref, limit) =>
      directory.withStudy(ref, async (study) => {
        const goals = study.spec.objectives.map(({ goal }) => (goal === "maximize" ? -1 : 1));
        const wanted = limit || (goals.length === 1 ? 1 : maxBest);
        const best = store.bestTrials(study.id, goals, Math.min(wanted, maxBest));
        const trials = await ifLiving(store, study, best);
        return { study, trials: trials.map(withoutLease) };
      }),
    async setAttributes(ref, number, attributes) {
      const text = JSON.stringify(attributes);
      await directory.withStudy(ref, async (study) => {
        if (!(await store.setTrialAttributes(study.id, number, text))) {
          throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${number}`);
        }
        engine.signals.notify(study.id);
      });
      return getTrial(ref, number);
    },
    export: (ref) => exportStudy(engine, ref),
  };
}

/** What filters and orders may name. */
function namesOf({ spec }: StudyInfo) {
  return {
    parameters: spec.parameters.map(({ name }) => name),
    objectives: spec.objectives.map(({ name }) => name),
  };
}
