import type { FinishReason, StudyState } from "../store/states.ts";
import { checkSpec } from "./check-spec.ts";
import { type CreateOptions, createStudy } from "./create-study.ts";
import type { StudyRef } from "./directory.ts";
import { type Engine, ruleThatStops, stateAfter, withFreshStudy } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type StudySpec, differingFields, encodeSpec } from "./spec.ts";
import { type Study, type StudyFields, readStudy, studyNotFound } from "./study.ts";
import { limitBehind } from "./stopping.ts";

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

  const read = (ref: StudyRef): Promise<Study> => readStudy(store, ref);

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

    create: (options) => createStudy(engine, options),

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
          await stateAfter(engine, study.id, study.clock.state, spec);
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
        if ((await store.readClock(study.id)) === undefined) throw studyNotFound(ref);
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
        const reason = ruleThatStops(live, clock);
        if (reason !== undefined) {
          throw new StudyError(
            "LIMIT_REACHED",
            `the study would finish again at once: ${limitBehind[reason] ?? reason} still holds; change it first`,
          );
        }
      });
      return move(ref, ["paused", "finished"], "active", "none");
    },

    finish: (ref) => move(ref, ["active", "paused"], "finished", "requested"),
  };
}
