import type { Source } from "../optimizer/sources.ts";
import type { TrialCursor } from "../store/hot/trial-query.ts";
import type { StudyRef } from "./directory.ts";
import type { Engine } from "./engine.ts";
import { type StudySpec, decodeSpec } from "./spec.ts";
import { type Study, studyNotFound, studyOf } from "./study.ts";
import { type WholeTrial, readWhole } from "./whole-trial.ts";

/** One item of an export, in this order: specifications, oldest first, then what came from earlier studies, then trials by number. */
export type ExportItem =
  | {
      readonly kind: "spec";
      readonly version: number;
      readonly spec: StudySpec;
      readonly createdAt: Date;
      readonly study: Study;
    }
  | { readonly kind: "source"; readonly source: Source }
  | { readonly kind: "trial"; readonly trial: WholeTrial };

/** Trials a query. */
const exportPage = 500;

/** A study with all that led to it, read while it goes on. @throws StudyError STUDY_NOT_FOUND */
export async function* exportStudy({ store, directory }: Engine, ref: StudyRef): AsyncGenerator<ExportItem> {
  const record = await directory.withStudy(ref, (study) => store.readStudy(study.id));
  if (record === undefined) throw studyNotFound(ref);
  for (const { version, spec, createdAt } of await store.readSpecs(record.id)) {
    yield { kind: "spec", version, spec: decodeSpec(spec), createdAt, study: studyOf(record) };
  }
  for (const source of await store.readSources(record.id)) yield { kind: "source", source };
  let after: TrialCursor | undefined;
  do {
    const page = await store.listTrials(record.id, {
      filter: undefined,
      order: [],
      after,
      limit: exportPage,
      withReports: true,
    });
    for (const trial of await readWhole(store, record.id, page.trials)) {
      // Trials that came meanwhile are of the next export.
      if (trial.number < record.clock.nextNumber) yield { kind: "trial", trial };
    }
    after = page.next;
  } while (after !== undefined && after.number < record.clock.nextNumber - 1);
}
