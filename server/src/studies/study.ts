import type { Store } from "../store/store.ts";
import type { StudyRecord } from "../store/study/index.ts";
import type { StudyRef } from "./directory.ts";
import { StudyError } from "./errors.ts";
import { type StudySpec, decodeSpec } from "./spec.ts";

/** What people keep with a study, besides its specification. */
export interface StudyFields {
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly note: string;
}

/** A study as use cases answer it. */
export interface Study extends Omit<StudyRecord, "spec"> {
  readonly spec: StudySpec;
}

/** A study from its record. */
export function studyOf(record: StudyRecord): Study {
  return { ...record, spec: decodeSpec(record.spec) };
}

/** @throws StudyError STUDY_NOT_FOUND */
export async function readStudy(store: Store, ref: StudyRef): Promise<Study> {
  const record = await store.readStudyByName(ref.projectId, ref.name);
  if (record === undefined) throw studyNotFound(ref);
  return studyOf(record);
}

/**
 * What was read of a study's trials, if the study is still there: they stay a while after it, and another study may have its name by now.
 *
 * @throws StudyError STUDY_NOT_FOUND, which has the name looked up anew
 */
export async function ifLiving<T>(
  store: Store,
  study: { id: number; name: string },
  reading: Promise<T>,
): Promise<T> {
  const [found, clock] = await Promise.all([reading, store.readClock(study.id)]);
  if (clock === undefined) throw studyNotFound(study);
  return found;
}

export function studyNotFound({ name }: Pick<StudyRef, "name">): StudyError {
  return new StudyError("STUDY_NOT_FOUND", `there is no study ${JSON.stringify(name)} in this project`);
}
