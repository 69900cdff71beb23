import { randomUUID } from "node:crypto";
import type { Metrics } from "../store/hot/metrics.ts";
import type { Tell } from "../store/hot/tell.ts";
import type { StudyState, TerminalState } from "../store/states.ts";
import { createCoalescer } from "./coalescer.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import { type Engine, stateAfter } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { type TellAnswer, explainTell } from "./explain-tell.ts";
import { attemptOf } from "./lease-token.ts";
import { createPreparer } from "./next-suggestion.ts";
import { perStudy } from "./per-study.ts";
import type { Trial } from "./trial.ts";
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
        const answer = await explainTell(engine, study, tell, options.requestId);
        if (answer !== "tell again") return answer;
      }
      throw new StudyError("OVERLOADED", `trial ${options.number} keeps changing: try again`, {
        retryAfterMs: 1_000,
      });
    });
}

function tellOf(study: StudyInfo, options: TellOptions): Tell {
  const { spec } = study;
  const attempt = attemptOf(options.leaseToken, options.number, study);
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
