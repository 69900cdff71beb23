import { randomUUID } from "node:crypto";
import type { Metrics } from "../store/hot/metrics.ts";
import type { Tell } from "../store/hot/tell.ts";
import { type StudyState, type TerminalState, isTerminal } from "../store/states.ts";
import type { TrialDetail } from "../store/hot/trials.ts";
import { createCoalescer } from "./coalescer.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { attemptOf } from "./lease-token.ts";
import { createPreparer } from "./next-suggestion.ts";
import { perStudy } from "./per-study.ts";
import { rulesNeedHistory } from "./stopping.ts";
import { type Trial, withoutLease } from "./trial.ts";
import { objectiveValues, violationOf } from "./values.ts";

export interface TellOptions {
  readonly number: number;
  /** Empty when the worker sent none. */
  readonly leaseToken: string;
  readonly values: readonly number[];
  readonly metrics: Metrics;
  /** Undefined: completed with values, failed with only a failure. */
  readonly state: TerminalState | undefined;
  readonly failure: string;
  /** Empty: a repeat fails. */
  readonly requestId: string;
}

export interface TellAnswer {
  readonly trial: Trial;
  readonly studyState: StudyState;
}

/** What a tell did that found its trial. */
interface Outcome {
  readonly trial: Trial;
  /** Once the study's rules have been followed. */
  readonly studyState: Promise<StudyState>;
}

/** How often a tell is tried again because its trial changed under it: each time somebody else has got on. */
const maxRounds = 20;

/**
 * Ends a trial with its outcome, once. Concurrent tells of one study become one statement.
 */
export function createTell(engine: Engine): (ref: StudyRef, options: TellOptions) => Promise<TellAnswer> {
  const prepare = createPreparer(engine);
  const queueOf = perStudy((studyId) => {
    // Either all trials of a study report, or none of them does.
    let mayHaveReported = false;
    return createCoalescer<Tell, Outcome | undefined>({
      async run(tells) {
        const live = await engine.studies.peek(studyId)?.catch(() => undefined);
        const known = tells.map((tell) => ({ ...tell, known: live?.handed.take(tell.number) }));
        const told = await engine.store.tell(studyId, known, mayHaveReported);
        mayHaveReported = told.haveReported;
        engine.signals.notify(studyId);
        live?.outdate();
        if (told.studyState === undefined) return tells.map(() => undefined);
        prepare(studyId);
        const studyState = stateAfter(engine, studyId, told.studyState);
        return tells.map(({ number }) => {
          const ended = told.ended.get(number);
          if (ended === undefined) return undefined;
          return {
            trial: { ...ended, leaseExpiresAt: undefined, heardAt: undefined, leaseToken: "" },
            studyState,
          };
        });
      },
      keyOf: ({ number }) => String(number),
      maxItems: 500,
      // The study's lock would keep a second one waiting.
      maxInFlight: 1,
      maxWaiting: 20_000,
    });
  });

  return (ref, options) =>
    engine.directory.withStudy(ref, async (study) => {
      const tell = tellOf(study, options);
      for (let round = 0; round < maxRounds; round++) {
        const told = await queueOf(study.id)(tell);
        if (told !== undefined) return { trial: told.trial, studyState: await told.studyState };
        const answer = await explain(engine, study, tell, options);
        if (answer !== "tell again") return answer;
      }
      throw new StudyError("OVERLOADED", `trial ${options.number} keeps changing: try again`, {
        retryAfterMs: 1_000,
      });
    });
}

function tellOf({ spec }: StudyInfo, options: TellOptions): Tell {
  const attempt = attemptOf(options.leaseToken, options.number);
  const asked =
    options.state ?? (options.failure !== "" && options.values.length === 0 ? "failed" : "completed");
  const sent = objectiveValues(spec.objectives, options, asked === "completed");
  const values = asked === "failed" || asked === "infeasible" ? [] : sent;
  const base = {
    number: options.number,
    attempt,
    metrics: options.metrics,
    known: undefined,
    key: options.requestId || randomUUID(),
  };
  const nan = values.findIndex((value) => Number.isNaN(value));
  if (asked === "completed" && nan >= 0) {
    const failure = `The value of ${spec.objectives[nan]?.name} is not a number.${options.failure === "" ? "" : ` ${options.failure}`}`;
    return { ...base, state: "failed", values: [], violation: 0, failure };
  }
  const violation = asked === "completed" ? violationOf(spec, options.metrics) : 0;
  return { ...base, state: asked, values, violation, failure: options.failure };
}

/**
 * Where the study stands after tells. Rules that look at results are followed before the workers hear of it; if that fails, the tells have
 * been done all the same, and the next ask follows them.
 */
async function stateAfter(engine: Engine, studyId: number, told: StudyState): Promise<StudyState> {
  if (told !== "active") return told;
  try {
    const live = await engine.studies.open(studyId);
    if (!rulesNeedHistory(live.spec)) return told;
    return await withFreshStudy(engine, studyId, async (_, clock) => clock.state);
  } catch (error) {
    engine.log.warn({ error, studyId }, "could not follow a study's rules after a tell");
    return told;
  }
}

/** Why a trial did not accept its tell; its first answer, if this is a repeat; "tell again" if it only changed at that moment. */
async function explain(
  engine: Engine,
  study: StudyInfo,
  tell: Tell,
  options: TellOptions,
): Promise<TellAnswer | "tell again"> {
  const [trial] = await engine.store.readTrials(study.id, [tell.number]);
  // The trials of a deleted study stay a while.
  if (trial === undefined || (await engine.store.readClock(study.id)) === undefined)
    throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${tell.number}`);
  if (!isTerminal(trial.state)) {
    if (isAttemptOf(trial, tell.attempt)) return "tell again";
    throw leaseRequired(trial, tell.attempt);
  }
  if (options.requestId !== "" && trial.tellKey === options.requestId) {
    if (!isSameTell(trial, tell)) {
      throw new StudyError(
        "REQUEST_ID_REUSED",
        `request_id ${JSON.stringify(options.requestId)} told trial ${tell.number} another outcome`,
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
    await engine.store.keepLateObservation(study.id, attempt, worker, tell);
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
