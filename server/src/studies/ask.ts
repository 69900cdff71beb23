import { setImmediate as nextTurn } from "node:timers/promises";
import type { Grant } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import { requestKinds } from "../store/hot/requests.ts";
import type { StudyState } from "../store/states.ts";
import { answerShares, launch } from "./ask-hand-out.ts";
import { withinCaps } from "./ask-caps.ts";
import { type Plan, makePlan } from "./ask-plan.ts";
import type { AskAnswer, AskOptions, Item } from "./ask-types.ts";
import { createCoalescer } from "./coalescer.ts";
import type { StudyRef } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { checkSameRequest, fingerprint } from "./fingerprint.ts";
import type { LiveStudy } from "./live-study.ts";
import { perStudy } from "./per-study.ts";
import { withLease } from "./trial.ts";

/** When a worker that got nothing should ask again, ms. */
const retryAfterMs = 1_000;

/** How often a batch begins anew because another replica was first. Each loss means that somebody else has won. */
const maxLosses = 50;

/**
 * Hands out trials: those that wait for a worker first, then new ones from the sampler, within the study's budgets. Concurrent asks of
 * one study share a refresh of the history, see each other's points as pending, and become one statement.
 */
export function createAsk(engine: Engine): (ref: StudyRef, options: AskOptions) => Promise<AskAnswer> {
  const queueOf = perStudy((studyId) =>
    createCoalescer<Item, AskAnswer>({
      run: (items) => askTogether(engine, studyId, items),
      keyOf: ({ options }) => options.requestId || undefined,
      maxItems: 256,
      // One is planned while the database works on the other.
      maxInFlight: 2,
      maxWhenSlow: 1,
      maxWaiting: 10_000,
    }),
  );

  return (ref, options) => {
    if (options.resume && options.worker === "") {
      throw invalid([
        { field: "worker", description: "is empty: `resume` gives back the trials of a named worker" },
      ]);
    }
    const { count, worker, fixed, leaseSeconds, resume } = options;
    const item = { options, fingerprint: () => fingerprint({ count, worker, fixed, leaseSeconds, resume }) };
    return engine.directory.withStudy(ref, async (study) => {
      const deadline = performance.now() + options.maxWaitMs;
      for (;;) {
        const answer = await queueOf(study.id)(item);
        const left = deadline - performance.now();
        if (
          answer.trials.length > 0 ||
          answer.studyState === "finished" ||
          left <= 0 ||
          options.signal?.aborted === true
        ) {
          return answer;
        }
        await engine.signals.changed(study.id, {
          timeoutMs: Math.min(left, retryAfterMs),
          signal: options.signal,
        });
      }
    });
  };
}

async function askTogether(
  engine: Engine,
  studyId: number,
  items: readonly Item[],
): Promise<(AskAnswer | Error)[]> {
  const answers: (AskAnswer | Error | undefined)[] = items.map(() => undefined);
  // What a worker holds and what a token may still be handed are in the tables only.
  const isInMemory = items.every(({ options }) => !options.resume && options.cappedBy === undefined);
  for (let losses = 0; losses < maxLosses && answers.includes(undefined);) {
    const launched = await withFreshStudy(
      engine,
      studyId,
      (live, clock) => handOut(engine, live, clock, items, answers),
      { besideFlight: isInMemory, mayGuess: isInMemory && losses === 0 },
    );
    if (launched === "lost") losses++;
    if (typeof launched === "string") continue;
    const { live, plan, clock } = launched;
    const grant = await launched.granted;
    if (grant === undefined) {
      losses++;
      continue;
    }
    engine.signals.notify(studyId);
    // The next batch has waited for this one: it goes to the database before this one's answers are made.
    await nextTurn();
    await answerShares(engine, live, clock, plan, grant, answers);
  }
  return answers.map((answer) => answer ?? overtaken());
}

function overtaken(): StudyError {
  return new StudyError("OVERLOADED", "other servers keep taking this study's trials first: try again", {
    retryAfterMs,
  });
}

/** A batch of trials on its way into the tables. */
interface Launched {
  readonly live: LiveStudy;
  readonly plan: Plan;
  readonly clock: Clock;
  /** Undefined: the study has moved on since the plan was made, and nothing was written. */
  readonly granted: Promise<Grant | undefined>;
}

/**
 * Plans what the open asks get, possibly while the batch before is still on its way, and begins to write it when that one has landed.
 * Answers those that get nothing.
 */
async function handOut(
  engine: Engine,
  live: LiveStudy,
  clock: Clock,
  items: readonly Item[],
  answers: (AskAnswer | Error | undefined)[],
): Promise<Launched | "answered" | "lost"> {
  await repeatAnswered(engine, live, items, clock, answers);
  const open = items.flatMap((item, index) => (answers[index] === undefined ? [{ item, index }] : []));
  const { within, spent } =
    clock.state === "active" ? await withinCaps(engine, open) : { within: open, spent: [] };
  const { size } = live.history;
  const plan = await makePlan(engine, live, clock, within).catch((error: unknown) => {
    live.history.dropPending(size);
    throw error;
  });
  const served = new Set(plan.shares.map(({ index }) => index));
  const unserved = open.filter(({ index }) => !served.has(index) && !plan.postponed.has(index));
  if (live.isGuess && unserved.length > plan.refused.length) {
    // Nobody hears on a guess that there is nothing to hand out.
    live.history.dropPending(size);
    return "lost";
  }
  if (!(await live.land())) return "lost";
  for (const { index, error } of [...spent, ...plan.refused]) answers[index] = error;
  const launched =
    plan.shares.length === 0 ? undefined : { live, plan, clock, granted: launch(engine, live, plan) };
  const { state } =
    launched === undefined && plan.isExhausted ? await finishExhausted(engine, live, clock) : clock;
  for (const { index } of unserved) answers[index] ??= nothing(state);
  return launched ?? "answered";
}

/** A study without unused points finishes once the trials that have the others have ended. */
async function finishExhausted(engine: Engine, live: LiveStudy, clock: Clock): Promise<Clock> {
  if (clock.counts.waiting + clock.counts.running > 0) return clock;
  const finished = await engine.store.changeState(live.id, ["active"], "finished", "space-exhausted");
  engine.signals.notify(live.id);
  return finished ?? (await live.refresh());
}

/** Answers the requests that have been answered before, possibly by another replica, as they were then. */
async function repeatAnswered(
  engine: Engine,
  live: LiveStudy,
  items: readonly Item[],
  clock: Clock,
  answers: (AskAnswer | Error | undefined)[],
): Promise<void> {
  const keys = items.flatMap(({ options }, index) =>
    answers[index] === undefined && options.requestId !== "" ? [options.requestId] : [],
  );
  const stored = await engine.store.findRequests(live.id, keys);
  if (stored.size === 0) return;
  for (const [index, item] of items.entries()) {
    const record = stored.get(item.options.requestId);
    if (record === undefined || answers[index] !== undefined) continue;
    try {
      checkSameRequest(record, requestKinds.ask, item.fingerprint());
      const trials = await engine.store.readTrials(live.id, record.numbers);
      const attempts = new Map(record.numbers.map((number, at) => [number, record.attempts[at] ?? 1]));
      answers[index] = {
        trials: trials.map((trial) => withLease(live.id, trial, attempts.get(trial.number))),
        studyState: clock.state,
        retryAfterMs: undefined,
      };
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      answers[index] = error;
    }
  }
}

function nothing(studyState: StudyState): AskAnswer {
  return { trials: [], studyState, retryAfterMs: studyState === "finished" ? undefined : retryAfterMs };
}
