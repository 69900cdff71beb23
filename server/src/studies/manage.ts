import { randomInt, randomUUID } from "node:crypto";
import type { FinishReason, StudyState } from "../store/states.ts";
import type { StudyRecord } from "../store/study/index.ts";
import { checkSpec } from "./check-spec.ts";
import type { StudyRef } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type StudySpec, decodeSpec, differingFields, encodeSpec } from "./spec.ts";
import { stoppingReason } from "./stopping.ts";
import { type NamedSource, refOf, takeSources } from "./take-sources.ts";

/** What people keep with a study, besides its specification. */
export interface StudyFields {
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly note: string;
}

/** A specification before the server has chosen what the creator left out. */
export type SpecDraft = Omit<StudySpec, "seed"> & { readonly seed: number | undefined };

export interface CreateOptions extends StudyFields {
  readonly projectId: number;
  /** Empty: the server chooses. */
  readonly name: string;
  readonly spec: SpecDraft;
  /** Earlier studies to begin from, which take the place of the specification's. */
  readonly sources?: readonly NamedSource[];
  readonly allowExisting: boolean;
  readonly validateOnly: boolean;
}

/** A study as use cases answer it. */
export interface Study extends Omit<StudyRecord, "spec"> {
  readonly spec: StudySpec;
}

export interface Management {
  create(options: CreateOptions): Promise<{ study: Study; created: boolean }>;
  get(ref: StudyRef): Promise<Study>;
  /** Changes what `change` answers for the study as it is; `version` undefined does not look for lost updates. */
  update(
    ref: StudyRef,
    version: number | undefined,
    change: (study: Study) => StudyFields & { spec: StudySpec },
  ): Promise<Study>;
  delete(ref: StudyRef, force: boolean): Promise<void>;
  pause(ref: StudyRef): Promise<Study>;
  resume(ref: StudyRef): Promise<Study>;
  finish(ref: StudyRef): Promise<Study>;
}

/** How often an update that no etag guards is made again because somebody else's came first. */
const maxRounds = 20;

export function createManagement(engine: Engine): Management {
  const { store, directory } = engine;

  async function read(ref: StudyRef): Promise<Study> {
    const record = await store.readStudyByName(ref.projectId, ref.name);
    if (record === undefined) throw notFound(ref);
    return studyOf(record);
  }

  async function move(
    ref: StudyRef,
    from: readonly StudyState[],
    to: StudyState,
    reason: FinishReason,
  ): Promise<Study> {
    const study = await read(ref);
    await store.changeState(study.id, from, to, reason);
    engine.signals.notify(study.id);
    return read(ref);
  }

  return {
    get: read,

    async create(options) {
      const { sources: _, ...draft } = options.spec;
      const checked: StudySpec = checkSpec({ ...draft, seed: draft.seed ?? randomInt(2 ** 32) });
      const name = options.name || `study-${randomUUID().slice(0, 8)}`;
      const ref = { projectId: options.projectId, name };
      const named = options.sources ?? [];
      if (options.allowExisting && named.length > 0) {
        // What its sources were does not matter to a study any more, and they may be gone.
        const record = await store.readStudyByName(ref.projectId, ref.name);
        if (record !== undefined)
          return { study: matching(options, checked, studyOf(record)), created: false };
      }
      const sources = await takeSources(engine, checked, named);
      const spec = sources.length === 0 ? checked : { ...checked, sources: sources.map(refOf) };
      if (options.validateOnly) return { study: preview(options, name, spec), created: false };
      const id = await store.insertStudy({
        projectId: options.projectId,
        name,
        uid: randomUUID(),
        displayName: options.displayName,
        labels: options.labels,
        attributes: options.attributes,
        note: options.note,
        spec: encodeSpec(spec),
        maxTrials: spec.maxTrials,
        maxRunning: spec.maxRunning,
        maxAttempts: spec.maxAttempts,
        goal: goalOf(spec),
        sources,
      });
      const study = await read(ref);
      if (id !== undefined) return { study, created: true };
      if (!options.allowExisting) {
        throw new StudyError(
          "STUDY_EXISTS",
          `the project has a study ${JSON.stringify(name)}: choose another study_id, or set allow_existing to use it`,
        );
      }
      return { study: matching(options, spec, study), created: false };
    },

    async update(ref, version, change) {
      for (let round = 0; round < maxRounds; round++) {
        const study = await read(ref);
        if (version !== undefined && version !== study.version) break;
        const wanted = change(study);
        const spec = checkSpec(wanted.spec);
        const { maxTrials, maxRunning, maxAttempts } = spec;
        const done = await store.updateStudy({
          id: study.id,
          version: study.version,
          displayName: wanted.displayName,
          labels: wanted.labels,
          attributes: wanted.attributes,
          note: wanted.note,
          spec: differingFields(spec, study.spec).length > 0 ? encodeSpec(spec) : undefined,
          maxTrials,
          maxRunning,
          maxAttempts,
        });
        if (done) {
          engine.signals.notify(study.id);
          return read(ref);
        }
      }
      throw new StudyError(
        "ETAG_MISMATCH",
        "the study has changed since it was read: read it again and repeat the change",
      );
    },

    async delete(ref, force) {
      const study = await read(ref);
      if (!(await store.deleteStudy(study.id, force))) {
        // Gone since it was read: somebody else has deleted it.
        if ((await store.readClock(study.id)) === undefined) throw notFound(ref);
        throw new StudyError(
          "STUDY_NOT_EMPTY",
          `the study has ${study.clock.nextNumber} trials: set force to delete it with them`,
        );
      }
      directory.forget(ref);
      engine.studies.drop(study.id);
      engine.signals.notify(study.id);
    },

    pause: async (ref) => {
      const study = await move(ref, ["active"], "paused", "none");
      if (study.clock.state === "finished")
        throw new StudyError("STUDY_FINISHED", "the study has finished: there is nothing to pause");
      return study;
    },

    async resume(ref) {
      const study = await read(ref);
      if (study.clock.state === "active") return study;
      await withFreshStudy(engine, study.id, async (live, clock) => {
        const ageSeconds = (Date.now() - live.createdAt.getTime()) / 1_000;
        const limit = stoppingReason({
          spec: live.spec,
          clock,
          history: live.history,
          neverRan: live.neverRan,
          best: live.best,
          ageSeconds,
        });
        if (limit !== undefined) {
          throw new StudyError(
            "LIMIT_REACHED",
            `the study would finish again at once: its limit (${limit}) still holds; change it first`,
          );
        }
      });
      return move(ref, ["paused", "finished"], "active", "none");
    },

    finish: (ref) => move(ref, ["active", "paused"], "finished", "requested"),
  };
}

function notFound({ name }: StudyRef): StudyError {
  return new StudyError("STUDY_NOT_FOUND", `there is no study ${JSON.stringify(name)} in this project`);
}

/** A study from its record. */
export function studyOf(record: StudyRecord): Study {
  return { ...record, spec: decodeSpec(record.spec) };
}

/** The study that exists, if it is what the caller wants. @throws StudyError SPACE_MISMATCH */
function matching(options: CreateOptions, spec: StudySpec, study: Study): Study {
  const differing = differingFields(spec, study.spec);
  if (options.spec.seed !== undefined && options.spec.seed !== study.spec.seed) differing.push("seed");
  const wanted = options.sources?.map(({ name }) => name) ?? [];
  const found = study.spec.sources?.map((source) => source.study) ?? [];
  if (wanted.length > 0 && wanted.join() !== found.join()) differing.push("sources");
  if (differing.length > 0) {
    throw mismatch(
      study.name,
      differing,
      { ...spec, ...(wanted.length > 0 && { sources: wanted }) },
      { ...study.spec, sources: found },
    );
  }
  return study;
}

function goalOf({ objectives }: StudySpec): number {
  if (objectives.length > 1) return 0;
  return objectives[0]?.goal === "maximize" ? -1 : 1;
}

function mismatch(
  name: string,
  differing: readonly (keyof StudySpec)[],
  wanted: Readonly<Partial<Record<keyof StudySpec, unknown>>>,
  found: Readonly<Partial<Record<keyof StudySpec, unknown>>>,
): StudyError {
  const fields = differing.map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const difference = Object.fromEntries(
    differing.map((field, index) => [fields[index], { wanted: wanted[field], found: found[field] }]),
  );
  return new StudyError(
    "SPACE_MISMATCH",
    `the study ${JSON.stringify(name)} exists with another ${fields.join(", ")}`,
    {
      metadata: { difference: JSON.stringify(difference) },
    },
  );
}

/** A study that was only checked. */
function preview(options: CreateOptions, name: string, spec: StudySpec): Study {
  const { displayName, labels, attributes, note } = options;
  const now = new Date();
  const counts = { waiting: 0, running: 0, completed: 0, pruned: 0, failed: 0, infeasible: 0 };
  return {
    id: 0,
    projectName: "",
    lastActivityAt: undefined,
    name,
    displayName,
    labels,
    attributes,
    note,
    version: 0,
    createdAt: now,
    updatedAt: now,
    spec,
    clock: {
      state: "active",
      finishReason: "none",
      finishedAt: undefined,
      specVersion: 0,
      maxTrials: spec.maxTrials,
      maxRunning: spec.maxRunning,
      nextNumber: 0,
      revision: 0,
      counts,
      best: undefined,
    },
  };
}
