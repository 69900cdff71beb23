import type { Tell } from "../store/hot/tell.ts";
import type { TrialDetail } from "../store/hot/trials.ts";
import { type StudyState, isTerminal } from "../store/states.ts";
import type { StudyInfo } from "./directory.ts";
import type { Engine } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { type Trial, withoutLease } from "./trial.ts";

export interface TellAnswer {
  readonly trial: Trial;
  readonly studyState: StudyState;
}

/** Why a trial did not accept its tell; its first answer, if this is a repeat; "tell again" if it only changed at that moment. */
export async function explainTell(
  engine: Engine,
  study: StudyInfo,
  tell: Tell,
  requestId: string,
): Promise<TellAnswer | "tell again"> {
  const [trial] = await engine.store.readTrials(study.id, [tell.number]);
  // The trials of a deleted study stay a while.
  if (trial === undefined || (await engine.store.readClock(study.id)) === undefined)
    throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${tell.number}`);
  if (!isTerminal(trial.state)) {
    if (isAttemptOf(trial, tell.attempt)) return "tell again";
    throw leaseRequired(trial, tell.attempt);
  }
  if (requestId !== "" && trial.tellKey === requestId) {
    if (!isSameTell(trial, tell)) {
      throw new StudyError(
        "REQUEST_ID_REUSED",
        `request_id ${JSON.stringify(requestId)} told trial ${tell.number} another outcome`,
      );
    }
    return repeat(engine, study, trial);
  }
  // The store retries under the key that the engine made: its own first try has ended the trial.
  if (trial.tellKey === tell.key) return repeat(engine, study, trial);
  const attempt = tell.attempt ?? (trial.attempt === 1 ? 1 : undefined);
  if (attempt !== undefined && attempt !== trial.tellAttempt && attempt <= trial.attempt) {
    // Only the newest attempt's worker is known by name.
    const worker = attempt === trial.attempt ? trial.worker : "";
    if (!(await engine.store.keepLateObservation(study.id, attempt, worker, tell))) {
      throw new StudyError(
        "TRIAL_ALREADY_TERMINAL",
        `trial ${tell.number} has ended already: it is ${trial.state}; attempt ${attempt} has told another result, which was kept as a late observation, and this one was not`,
        { metadata: storedOutcome(trial) },
      );
    }
    throw new StudyError(
      "LEASE_LOST",
      `trial ${tell.number} ended without this worker, whose lease had expired: the result was kept as a late observation`,
      { metadata: storedOutcome(trial) },
    );
  }
  throw new StudyError(
    "TRIAL_ALREADY_TERMINAL",
    `trial ${tell.number} has ended already: it is ${trial.state}`,
    {
      metadata: storedOutcome(trial),
    },
  );
}

/** Whether a lease token names an attempt that the trial has had; a worker without one means the only attempt. */
function isAttemptOf(trial: TrialDetail, attempt: number | undefined): boolean {
  if (attempt === undefined) return trial.attempt === 1;
  return attempt >= 1 && attempt <= trial.attempt;
}

async function repeat(engine: Engine, study: StudyInfo, trial: TrialDetail): Promise<TellAnswer> {
  const clock = await engine.store.readClock(study.id);
  return { trial: withoutLease(trial), studyState: clock?.state ?? "finished" };
}

/** Whether a repeat says what was said first. A pruned trial told without values has its last report's; minus zero is stored as zero. */
function isSameTell(trial: TrialDetail, tell: Tell): boolean {
  if (trial.state !== tell.state) return false;
  if (tell.state === "pruned" && tell.values.length === 0) return true;
  return (
    trial.values.length === tell.values.length &&
    trial.values.every((value, index) => Object.is(value, tell.values[index]! + 0))
  );
}

function storedOutcome(trial: TrialDetail): Record<string, string> {
  return {
    state: `TRIAL_STATE_${trial.state.toUpperCase()}`,
    values: JSON.stringify(trial.values.map((value) => (Number.isFinite(value) ? value : String(value)))),
    attempt: String(trial.tellAttempt ?? trial.attempt),
  };
}

/** The refusal of a write to a trial that has not ended, for want of the right lease token. */
export function leaseRequired(trial: TrialDetail, attempt: number | undefined): StudyError {
  if (trial.attempt === 0) {
    return new StudyError("LEASE_REQUIRED", `trial ${trial.number} waits for a worker: ask for it first`);
  }
  if (attempt === undefined) {
    return new StudyError(
      "LEASE_REQUIRED",
      `trial ${trial.number} is at attempt ${trial.attempt}: send the lease_token that AskTrials answered`,
    );
  }
  return invalid([
    {
      field: "lease_token",
      description: `names attempt ${attempt}, but trial ${trial.number} has had ${trial.attempt}`,
    },
  ]);
}
