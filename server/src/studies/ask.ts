import { setImmediate as nextTurn } from "node:timers/promises";
import { type Suggested, suggest } from "../optimizer/suggest.ts";
import type { Point } from "../optimizer/samplers/sampler.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import type { Claim, Grant, NewTrial, RequestRecord } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import { requestKinds } from "../store/hot/requests.ts";
import type { StudyState } from "../store/states.ts";
import { createCoalescer } from "./coalescer.ts";
import { type StudyRef } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { checkSameRequest, fingerprint } from "./fingerprint.ts";
import type { LiveStudy } from "./live-study.ts";
import { checkParams } from "./check-params.ts";
import { type Trial, withLease } from "./trial.ts";

export interface AskOptions {
  /** How many trials, 1 to 1,000. */
  readonly count: number;
  /** Stays the same when the worker restarts; empty when unknown. */
  readonly worker: string;
  /** Empty: the request cannot be repeated safely. */
  readonly requestId: string;
  readonly fixed: Params;
  /** Undefined: the study's. */
  readonly leaseSeconds: number | undefined;
  /** Give the worker its unfinished trials back first. */
  readonly resume: boolean;
  /** How long to wait while nothing can be handed out, ms. */
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface AskAnswer {
  readonly trials: readonly Trial[];
  readonly studyState: StudyState;
  /** When to ask again, ms; only without trials while the study has not finished. */
  readonly retryAfterMs: number | undefined;
}

interface Item {
  readonly options: AskOptions;
  readonly fingerprint: Buffer;
}

/** When a worker that got nothing should ask again, ms. */
const retryAfterMs = 1_000;

/** How often a batch begins anew because another replica was first. Each loss means that somebody else has won. */
const maxRounds = 50;

/** Longest stretch of sampling before other calls get their turn, ms. */
const maxStretchMs = 8;

/**
 * Hands out trials: those that wait for a worker first, then new ones from the sampler, within the study's budgets. Concurrent asks of
 * one study share a refresh of the history, see each other's points as pending, and become one statement.
 */
export function createAsk(engine: Engine): (ref: StudyRef, options: AskOptions) => Promise<AskAnswer> {
  const queues = new Map<number, (item: Item) => Promise<AskAnswer>>();

  function queueOf(studyId: number): (item: Item) => Promise<AskAnswer> {
    let queue = queues.get(studyId);
    if (queue === undefined) {
      queue = createCoalescer({
        run: (items) => askTogether(engine, studyId, items),
        keyOf: ({ options }) => options.requestId || undefined,
        maxItems: 256,
        maxInFlight: 1,
        maxWaiting: 10_000,
      });
      queues.set(studyId, queue);
    }
    return queue;
  }

  return (ref, options) => {
    if (options.resume && options.worker === "") {
      throw invalid([
        { field: "worker", description: "is empty: `resume` gives back the trials of a named worker" },
      ]);
    }
    const { count, worker, fixed, leaseSeconds, resume } = options;
    const item = { options, fingerprint: fingerprint({ count, worker, fixed, leaseSeconds, resume }) };
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
  await withFreshStudy(engine, studyId, async (live, firstClock) => {
    await repeatAnswered(engine, live, items, firstClock, answers);
    let clock = firstClock;
    for (let round = 0; round < maxRounds; round++) {
      const open = items.flatMap((item, index) => (answers[index] === undefined ? [{ item, index }] : []));
      if (open.length === 0) return;
      const plan = await makePlan(engine, live, clock, open);
      for (const { index, error } of plan.refused) answers[index] = error;
      if (plan.shares.length === 0) {
        if (
          plan.isExhausted &&
          clock.state === "active" &&
          clock.counts.waiting + clock.counts.running === 0
        ) {
          clock =
            (await engine.store.changeState(studyId, ["active"], "finished", "space-exhausted")) ??
            (await live.refresh());
          engine.signals.notify(studyId);
        }
        for (const { index } of open) answers[index] ??= nothing(clock.state);
        return;
      }
      const grants = await carryOut(engine, live, plan);
      if (grants === undefined) {
        live.history.dropPending(plan.firstNumber);
        clock = await live.refresh();
        await repeatAnswered(engine, live, items, clock, answers);
        continue;
      }
      engine.signals.notify(studyId);
      await answerShares(engine, live, clock, plan, grants, answers);
      for (const { index } of open) answers[index] ??= nothing(clock.state);
      return;
    }
  });
  const busy = new StudyError(
    "OVERLOADED",
    "other servers keep taking this study's trials first: try again",
    { retryAfterMs },
  );
  return answers.map((answer) => answer ?? busy);
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
      checkSameRequest(record, requestKinds.ask, item.fingerprint);
      const trials = await engine.store.readTrials(live.id, record.numbers);
      const attempts = new Map(record.numbers.map((number, at) => [number, record.attempts[at] ?? 1]));
      answers[index] = {
        trials: trials.map((trial) => withLease(trial, attempts.get(trial.number))),
        studyState: clock.state,
        retryAfterMs: undefined,
      };
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      answers[index] = error;
    }
  }
}

/** What one asker gets. */
interface Share {
  readonly index: number;
  readonly item: Item;
  readonly claims: Claim[];
  readonly suggestions: { readonly number: number; readonly suggested: Suggested }[];
}

interface Plan {
  /** The number of the first new trial: the size of the history that the suggestions saw. */
  readonly firstNumber: number;
  /** The change number of that history. */
  readonly historyRevision: number;
  readonly shares: Share[];
  readonly refused: { readonly index: number; readonly error: StudyError }[];
  /** Some asker got nothing because every point that it may have is used. */
  readonly isExhausted: boolean;
}

/** Divides what the budgets allow among the askers, first come first served, and has the sampler choose the new points. */
async function makePlan(
  engine: Engine,
  live: LiveStudy,
  clock: Clock,
  open: readonly { readonly item: Item; readonly index: number }[],
): Promise<Plan> {
  const { spec, space, sampler, history } = live;
  const plan = { firstNumber: history.size, historyRevision: live.revision };
  const shares: Share[] = [];
  const refused: { index: number; error: StudyError }[] = [];
  let isExhausted = false;
  if (clock.state !== "active") return { ...plan, shares, refused, isExhausted };

  const waiting = [...live.waiting].toSorted(([a], [b]) => a - b);
  let room = (clock.maxRunning ?? Infinity) - clock.counts.running;
  // The history may hold trials that came after the clock was read; the statement that hands out has the last word.
  let fresh = (clock.maxTrials ?? Infinity) - history.size;
  const resumed = new Set<number>();
  let stretch = performance.now();

  for (const { item, index } of open) {
    const { options } = item;
    const leaseSeconds = options.leaseSeconds ?? spec.leaseSeconds;
    const share: Share = { index, item, claims: [], suggestions: [] };
    const claim = (which: number, attempt: number) =>
      share.claims.push({ number: which, attempt, worker: options.worker, leaseSeconds });
    let wanted = options.count;
    try {
      checkParams(space, options.fixed, "fixed_params", { partial: true });
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      refused.push({ index, error });
      continue;
    }
    if (options.resume) {
      for (const held of await engine.store.trialsHeldBy(live.id, options.worker, wanted)) {
        if (resumed.has(held.number)) continue;
        resumed.add(held.number);
        claim(held.number, held.attempt);
        wanted--;
      }
    }
    const fixedPoint = space.toPoint(options.fixed);
    while (wanted > 0 && room > 0) {
      const next = waiting.findIndex(([number]) => agrees(history.point(number), fixedPoint));
      if (next >= 0) {
        for (const entry of waiting.splice(next, 1)) claim(...entry);
      } else {
        if (fresh <= 0) break;
        if (performance.now() - stretch > maxStretchMs) {
          await nextTurn();
          stretch = performance.now();
        }
        const number = history.size;
        const suggested = suggest({
          space,
          sampler,
          history,
          number,
          seed: spec.seed,
          fixed: options.fixed,
          replicates: spec.replicates,
        });
        if (suggested === "exhausted") {
          isExhausted = true;
          break;
        }
        history.addPending(number, suggested.params);
        share.suggestions.push({ number, suggested });
        fresh--;
      }
      room--;
      wanted--;
    }
    if (share.claims.length + share.suggestions.length > 0) shares.push(share);
  }
  return { ...plan, shares, refused, isExhausted };
}

/** Whether a waiting trial has the values that an asker fixed; NaN where it fixed none. */
function agrees(point: Point, fixed: Point): boolean {
  return fixed.every((coordinate, index) => Number.isNaN(coordinate) || coordinate === point[index]);
}

/** Writes the plan; undefined when the study has moved on since it was made. */
async function carryOut(engine: Engine, live: LiveStudy, plan: Plan): Promise<Grant[] | undefined> {
  const claims = plan.shares.flatMap((share) => share.claims);
  const trials = plan.shares.flatMap(({ item, suggestions }) =>
    suggestions.map(({ suggested }) => newTrial(live, item.options, suggested)),
  );
  const requests = plan.shares.flatMap((share) => requestRecord(share));
  try {
    const grants = await engine.store.ask({
      studyId: live.id,
      specVersion: live.specVersion,
      nextNumber: plan.firstNumber,
      historyRevision: plan.historyRevision,
      claims,
      trials,
      requests,
    });
    const after = grants?.[0]?.revision;
    // If nobody else has changed the study in between, what was written is all that is new, and need not be read back.
    if (after !== undefined && after === plan.historyRevision + claims.length + trials.length) {
      live.advance(
        after,
        claims.map(({ number }) => number),
      );
    }
    return grants;
  } catch (error) {
    // Another replica has just answered one of the requests.
    if (error instanceof Error && "code" in error && error.code === "23505") return undefined;
    throw error;
  }
}

function newTrial(live: LiveStudy, options: AskOptions, suggested: Suggested): NewTrial {
  return {
    params: JSON.stringify(suggested.params),
    worker: options.worker,
    leaseSeconds: options.leaseSeconds ?? live.spec.leaseSeconds,
    sampler: suggested.sampler,
    reason: suggested.reason,
    fixed: Object.keys(options.fixed).length === 0 ? null : JSON.stringify(options.fixed),
  };
}

function requestRecord({ item, claims, suggestions }: Share): RequestRecord[] {
  if (item.options.requestId === "") return [];
  return [
    {
      key: item.options.requestId,
      kind: requestKinds.ask,
      fingerprint: item.fingerprint,
      numbers: [...claims.map(({ number }) => number), ...suggestions.map(({ number }) => number)],
      attempts: [...claims.map(({ attempt }) => attempt + 1), ...suggestions.map(() => 1)],
    },
  ];
}

async function answerShares(
  engine: Engine,
  live: LiveStudy,
  clock: Clock,
  plan: Plan,
  grants: readonly Grant[],
  answers: (AskAnswer | Error | undefined)[],
): Promise<void> {
  const granted = new Map(grants.map((grant) => [grant.number, grant]));
  const claimed = plan.shares.flatMap(({ claims }) => claims.map(({ number }) => number));
  const rows = claimed.length === 0 ? [] : await engine.store.readTrials(live.id, claimed);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const { index, item, claims, suggestions } of plan.shares) {
    const old = claims.flatMap(({ number, attempt }) => {
      const row = byNumber.get(number);
      return row === undefined ? [] : [withLease(row, attempt + 1)];
    });
    const fresh = suggestions.flatMap(({ number, suggested }) => {
      const grant = granted.get(number);
      return grant === undefined ? [] : [freshTrial(live, plan, item.options, suggested, grant)];
    });
    answers[index] = { trials: [...old, ...fresh], studyState: clock.state, retryAfterMs: undefined };
  }
}

/** A trial that has just been created, from what was written. */
function freshTrial(
  live: LiveStudy,
  plan: Plan,
  options: AskOptions,
  suggested: Suggested,
  grant: Grant,
): Trial {
  return withLease({
    number: grant.number,
    state: "running",
    attempt: grant.attempt,
    revision: grant.revision,
    endRevision: 0,
    params: suggested.params,
    values: [],
    metrics: {},
    violation: 0,
    worker: options.worker,
    failure: "",
    attributes: {},
    sampler: suggested.sampler,
    reason: suggested.reason,
    historyRevision: plan.historyRevision,
    specVersion: live.specVersion,
    fixed: Object.keys(options.fixed).length === 0 ? undefined : options.fixed,
    tellKey: undefined,
    tellAttempt: undefined,
    createdAt: grant.grantedAt,
    startedAt: grant.grantedAt,
    endedAt: undefined,
    leaseExpiresAt: grant.leaseExpiresAt,
  });
}

function nothing(studyState: StudyState): AskAnswer {
  return { trials: [], studyState, retryAfterMs: studyState === "finished" ? undefined : retryAfterMs };
}
