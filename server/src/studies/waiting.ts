import type { Point } from "../optimizer/space/point.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import type { RequestRecord } from "../store/hot/ask.ts";
import { requestKinds } from "../store/hot/requests.ts";
import type { TrialDetail } from "../store/hot/trials.ts";
import { type StudyState, isTerminal } from "../store/states.ts";
import { checkParams } from "./check-params.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import { type Engine, stateAfter, withUpToDateStudy } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { checkSameRequest, fingerprint } from "./fingerprint.ts";
import type { LiveStudy } from "./live-study.ts";
import { type Trial, withoutLease } from "./trial.ts";

export interface EditOptions {
  readonly number: number;
  /** Every active parameter's value. */
  readonly params: Params;
  /** Undefined leaves them. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  /** The trial's change number that the caller read; undefined does not look for lost updates. */
  readonly revision: number | undefined;
  /** Empty: a repeat edits again. */
  readonly requestId: string;
}

export interface CancelOptions {
  readonly number: number;
  /** For people; empty: that it was cancelled. */
  readonly reason: string;
  /** Empty: a repeat fails. */
  readonly requestId: string;
}

/** What people do with trials that no worker holds. */
export interface WaitingTrials {
  edit(ref: StudyRef, options: EditOptions): Promise<Trial>;
  cancel(ref: StudyRef, options: CancelOptions): Promise<{ trial: Trial; studyState: StudyState }>;
}

/** Each keeps the point before it, for suggestions to be replayed: more would let a row grow without bounds. */
const maxEdits = 100;

/** How often a change is made again because somebody else's came first. */
const maxRounds = 50;

export function createWaitingTrials(engine: Engine): WaitingTrials {
  const { store } = engine;

  /** Has a change made once for each request id, again for as long as it finds that somebody else was faster. */
  async function change(
    study: StudyInfo,
    kind: number,
    { number, requestId, ...content }: { number: number; requestId: string },
    attempt: (request: RequestRecord | undefined) => Promise<boolean>,
  ): Promise<TrialDetail> {
    const digest = fingerprint({ number, ...content });
    const request =
      requestId === ""
        ? undefined
        : { key: requestId, kind, fingerprint: digest, numbers: [number], attempts: [] };
    const answered = async (): Promise<boolean> => {
      if (requestId === "") return false;
      const stored = (await store.findRequests(study.id, [requestId])).get(requestId);
      if (stored !== undefined) checkSameRequest(stored, kind, digest);
      return stored !== undefined;
    };
    for (let round = 0; round < maxRounds; round++) {
      if (await answered()) return read(study, number);
      try {
        if (!(await attempt(request))) continue;
      } catch (error) {
        // What stood in the way may be this very request, which another replica has just answered.
        if (!(await answered())) throw error;
        continue;
      }
      engine.signals.notify(study.id);
      return read(study, number);
    }
    throw new StudyError("OVERLOADED", `trial ${number} keeps changing: try again`, { retryAfterMs: 1_000 });
  }

  async function read(study: StudyInfo, number: number): Promise<TrialDetail> {
    const [[trial], clock] = await Promise.all([
      store.readTrials(study.id, [number]),
      store.readClock(study.id),
    ]);
    // The trials of a deleted study stay a while.
    if (trial === undefined || clock === undefined)
      throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${number}`);
    return trial;
  }

  return {
    edit: (ref, options) =>
      engine.directory.withStudy(ref, async (study) => {
        const { number, revision, attributes } = options;
        const edited = await change(study, requestKinds.edit, options, (request) =>
          withUpToDateStudy(engine, study.id, async (live) => {
            const { space } = live;
            checkParams(space, options.params, "params");
            const params = space.canonical(options.params);
            const trial = await read(study, number);
            checkEditable(trial, revision);
            // Added since the study was brought up to date.
            if (number >= live.history.size) return false;
            checkUnused(live, number, space.toPoint(params));
            return store.edit({
              studyId: study.id,
              number,
              revision: trial.revision,
              // Where points are few, another trial could take this one in the meantime.
              studyRevision: space.size < Infinity ? live.revision : undefined,
              params: JSON.stringify(params),
              attributes: attributes && JSON.stringify(attributes),
              request,
            });
          }),
        );
        return withoutLease(edited);
      }),

    cancel: (ref, options) =>
      engine.directory.withStudy(ref, async (study) => {
        const { number } = options;
        const cancelled = await change(study, requestKinds.cancel, options, async (request) => {
          const trial = await read(study, number);
          if (trial.state !== "waiting") throw notWaiting(trial, "cancelled");
          const failure = options.reason || "Cancelled while it waited for a worker.";
          return store.cancel({ studyId: study.id, number, revision: trial.revision, failure, request });
        });
        const clock = await store.readClock(study.id);
        const studyState = await stateAfter(engine, study.id, clock?.state ?? "finished");
        return { trial: withoutLease(cancelled), studyState };
      }),
  };
}

function checkEditable(trial: TrialDetail, revision: number | undefined): void {
  if (trial.state !== "waiting") throw notWaiting(trial, "edited");
  // A worker that fell silent may still come back with what it made of the point that it was given.
  if (trial.attempt > 0) {
    throw refused(trial, `trial ${trial.number} has been handed out before: cancel it and enqueue another`);
  }
  if (revision !== undefined && revision !== trial.revision) {
    throw new StudyError(
      "ETAG_MISMATCH",
      `trial ${trial.number} has changed since revision ${revision}: read it again and repeat the edit`,
      { metadata: { revision: String(trial.revision) } },
    );
  }
  if (trial.formerPoints.length >= maxEdits) {
    throw refused(
      trial,
      `trial ${trial.number} has been edited ${maxEdits} times: cancel it and enqueue another`,
    );
  }
}

function notWaiting(trial: TrialDetail, what: string): StudyError {
  const by = trial.worker === "" ? "" : ` by ${JSON.stringify(trial.worker)}`;
  const found = isTerminal(trial.state) ? `has ended: it is ${trial.state}` : `is running${by}`;
  return refused(trial, `trial ${trial.number} ${found}; only one that waits for a worker can be ${what}`);
}

function refused({ state, attempt }: TrialDetail, message: string): StudyError {
  return new StudyError("TRIAL_STATE", message, {
    metadata: { state: `TRIAL_STATE_${state.toUpperCase()}`, attempt: String(attempt) },
  });
}

/** @throws StudyError INVALID_REQUEST if as many other trials as the study allows have the point */
function checkUnused({ history, spec }: LiveStudy, number: number, point: Point): void {
  const own = history.point(number);
  const isOwn = point.every((coordinate, index) => Object.is(coordinate, own[index]));
  if (history.count(point) - (isOwn ? 1 : 0) < spec.replicates) return;
  const times = spec.replicates === 1 ? "once" : `${spec.replicates} times`;
  throw invalid([
    {
      field: "params",
      description: `are those of another trial: the study allows each point ${times} (replicates)`,
    },
  ]);
}
