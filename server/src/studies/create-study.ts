import { randomInt, randomUUID } from "node:crypto";
import { checkSpec } from "./check-spec.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type StudySpec, decodeSpec, differingFields, encodeSpec, fixedFields } from "./spec.ts";
import { type Study, type StudyFields, readStudy, studyOf } from "./study.ts";
import { type NamedSource, refOf, takeSources } from "./take-sources.ts";

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

/** Creates a study, or finds the one of this name where that is allowed. @throws StudyError STUDY_EXISTS, SPACE_MISMATCH, and of the specification */
export async function createStudy(
  engine: Engine,
  options: CreateOptions,
): Promise<{ readonly study: Study; readonly created: boolean }> {
  const { store } = engine;
  const { sources: _, ...draft } = options.spec;
  const checked: StudySpec = checkSpec({ ...draft, seed: draft.seed ?? randomInt(2 ** 32) });
  const name = options.name || `study-${randomUUID().slice(0, 8)}`;
  const ref = { projectId: options.projectId, name };
  const named = options.sources ?? [];
  if (options.allowExisting && named.length > 0) {
    // What its sources were does not matter to a study any more, and they may be gone.
    const record = await store.readStudyByName(ref.projectId, ref.name);
    if (record !== undefined)
      return { study: await matching(engine, options, checked, studyOf(record)), created: false };
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
  const study = await readStudy(store, ref);
  if (id !== undefined) return { study, created: true };
  if (!options.allowExisting) {
    throw new StudyError(
      "STUDY_EXISTS",
      `the project has a study ${JSON.stringify(name)}: choose another study_id, or set allow_existing to use it`,
    );
  }
  return { study: await matching(engine, options, spec, study), created: false };
}

/** The study that exists, if it is what the caller wants. @throws StudyError SPACE_MISMATCH */
async function matching(
  engine: Engine,
  options: CreateOptions,
  spec: StudySpec,
  study: Study,
): Promise<Study> {
  const differing = (await wasAsWanted(engine, spec, study)) ? [] : differingFields(spec, study.spec);
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

/**
 * Whether the study is as wanted, or was so before its owner changed a limit or the like: workers that were written for it as it
 * was go on working.
 */
async function wasAsWanted({ store }: Engine, wanted: StudySpec, study: Study): Promise<boolean> {
  const isWanted = (spec: StudySpec): boolean => differingFields(wanted, spec).length === 0;
  if (isWanted(study.spec)) return true;
  return (await store.readSpecs(study.id)).some(({ spec }) => isWanted(decodeSpec(spec)));
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
  const texts = differing.map((field, index) => {
    const [there, here] = [found[field], wanted[field]];
    const isShort = [there, here].every((value) => typeof value !== "object");
    return isShort ? `${fields[index]} (${textOf(there)} there, ${textOf(here)} here)` : fields[index];
  });
  const advice = differing.some((field) => fixedFields.includes(field))
    ? "choose another study_id"
    : "change it by UpdateStudy, or choose another study_id";
  return new StudyError(
    "SPACE_MISMATCH",
    `the study ${JSON.stringify(name)} exists, but differs in ${texts.join(", ")}: ${advice}`,
    { metadata: { difference: JSON.stringify(difference) } },
  );
}

function textOf(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
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
      readAt: now,
    },
  };
}
