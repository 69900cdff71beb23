import type { Store } from "../store/store.ts";
import { StudyError } from "./errors.ts";
import { type StudySpec, decodeSpec } from "./spec.ts";

/** Which study a caller means. */
export interface StudyRef {
  readonly projectId: number;
  readonly name: string;
}

/** What hot calls need to know of a study before they touch its trials; none of it changes while the study lives. */
export interface StudyInfo {
  readonly id: number;
  readonly projectName: string;
  readonly name: string;
  /** As first seen: of it only parameters, objectives and constraints are read from here. */
  readonly spec: StudySpec;
}

/** Finds studies by name, remembering what it found. */
export interface Directory {
  /**
   * Runs a use case on a study. If it does not find what a remembered study should have, the name is looked up anew, since
   * another replica may have deleted the study and made one of the same name.
   *
   * @throws StudyError STUDY_NOT_FOUND
   */
  withStudy<T>(ref: StudyRef, use: (study: StudyInfo) => Promise<T>): Promise<T>;
  forget(ref: StudyRef): void;
}

const maxEntries = 10_000;

export function createDirectory(store: Store): Directory {
  const entries = new Map<string, StudyInfo>();

  async function lookUp(ref: StudyRef): Promise<StudyInfo> {
    const record = await store.readStudyByName(ref.projectId, ref.name);
    if (record === undefined) {
      throw new StudyError(
        "STUDY_NOT_FOUND",
        `there is no study ${JSON.stringify(ref.name)} in this project`,
      );
    }
    const info = {
      id: record.id,
      projectName: record.projectName,
      name: record.name,
      spec: decodeSpec(record.spec),
    };
    if (entries.size >= maxEntries) entries.clear();
    entries.set(keyOf(ref), info);
    return info;
  }

  return {
    forget: (ref) => void entries.delete(keyOf(ref)),
    async withStudy(ref, use) {
      const known = entries.get(keyOf(ref));
      if (known === undefined) return use(await lookUp(ref));
      try {
        return await use(known);
      } catch (error) {
        if (!(error instanceof StudyError) || !error.reason.endsWith("_NOT_FOUND")) throw error;
        entries.delete(keyOf(ref));
        const found = await lookUp(ref);
        if (found.id === known.id) throw error;
        return use(found);
      }
    },
  };
}

function keyOf({ projectId, name }: StudyRef): string {
  return `${projectId}/${name}`;
}
