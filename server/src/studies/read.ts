import type { Measurement } from "../store/hot/trial-row.ts";
import type { LateObservation } from "../store/hot/trials.ts";
import type { StudyFilter } from "../store/studies.ts";
import type { StudyRef } from "./directory.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type Study, studyOf } from "./manage.ts";
import { type StudySpec, decodeSpec } from "./spec.ts";
import { type Trial, withoutLease } from "./trial.ts";

/** A trial with everything that is known of it. */
export interface WholeTrial extends Trial {
  readonly measurements: readonly Measurement[];
  readonly lateObservations: readonly LateObservation[];
}

/** One item of an export, in this order: specifications, oldest first, then trials by number. */
export type ExportItem =
  | {
      readonly kind: "spec";
      readonly version: number;
      readonly spec: StudySpec;
      readonly createdAt: Date;
      readonly study: Study;
    }
  | { readonly kind: "trial"; readonly trial: WholeTrial };

export interface Reading {
  listStudies(
    filter: StudyFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ studies: Study[]; total: number }>;
  getTrial(ref: StudyRef, number: number): Promise<WholeTrial>;
  /** Replaces a trial's attributes. */
  setAttributes(
    ref: StudyRef,
    number: number,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<WholeTrial>;
  export(ref: StudyRef): AsyncGenerator<ExportItem>;
}

const exportPage = 500;

export function createReading(engine: Engine): Reading {
  const { store, directory } = engine;

  /** Trials by number with their measurements and late observations. */
  async function whole(studyId: number, numbers: readonly number[]): Promise<WholeTrial[]> {
    const [trials, measurements, late] = await Promise.all([
      store.readTrials(studyId, numbers),
      store.readMeasurements(studyId, numbers),
      store.readLateObservations(studyId, numbers),
    ]);
    return trials.map((trial) => ({
      ...withoutLease(trial),
      measurements: measurements.get(trial.number) ?? [],
      lateObservations: late.get(trial.number) ?? [],
    }));
  }

  const getTrial: Reading["getTrial"] = (ref, number) =>
    directory.withStudy(ref, async (study) => {
      const [trial] = await whole(study.id, [number]);
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
    async *export(ref) {
      const record = await directory.withStudy(ref, (study) => store.readStudy(study.id));
      if (record === undefined)
        throw new StudyError(
          "STUDY_NOT_FOUND",
          `there is no study ${JSON.stringify(ref.name)} in this project`,
        );
      for (const { version, spec, createdAt } of await store.readSpecs(record.id)) {
        yield { kind: "spec", version, spec: decodeSpec(spec), createdAt, study: studyOf(record) };
      }
      for (let from = 0; from < record.clock.nextNumber; from += exportPage) {
        const numbers = Array.from(
          { length: Math.min(exportPage, record.clock.nextNumber - from) },
          (_, index) => from + index,
        );
        for (const trial of await whole(record.id, numbers)) yield { kind: "trial", trial };
      }
    },
  };
}
