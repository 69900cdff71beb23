import type { Params } from "../optimizer/space/parameter.ts";
import type { AddedTrial } from "../store/hot/add.ts";
import type { Clock } from "../store/hot/clock.ts";
import { requestKinds } from "../store/hot/requests.ts";
import { createBreaks } from "./breaks.ts";
import { checkParams } from "./check-params.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import { type Engine, stateAfter, withFreshStudy } from "./engine.ts";
import { type FieldProblem, StudyError, invalid } from "./errors.ts";
import { checkSameRequest, fingerprint } from "./fingerprint.ts";
import { type ImportedTrial, outcomeOf } from "./imported-trial.ts";
import type { LiveStudy } from "./live-study.ts";
import { nextSuggestion } from "./next-suggestion.ts";
import { type Trial, withoutLease } from "./trial.ts";
import type { TrialSeed } from "./trial-seed.ts";

export interface Additions {
  /** Adds points to be handed out next. */
  enqueue(ref: StudyRef, seeds: readonly TrialSeed[], requestId: string): Promise<Trial[]>;
  /** Adds trials that have ended elsewhere. */
  import(ref: StudyRef, trials: readonly ImportedTrial[], requestId: string): Promise<Trial[]>;
}

/** How long a request's points may be completed for by the sampler, ms: the study's askers wait meanwhile, and the caller may give up. */
const maxSamplingMs = 10_000;

/** How often it begins anew because a number was taken in between. */
const maxRounds = 50;

/** A request for new trials. */
interface Addition {
  readonly kind: number;
  /** What the request asks for: a repeat must ask for the same. */
  readonly content: unknown;
  /** Empty: the request cannot be repeated safely. */
  readonly requestId: string;
  readonly count: number;
  /** Makes the trials for a study that is up to date. It may add to the history, which is dropped back afterwards. */
  prepare(live: LiveStudy, study: StudyInfo): Promise<AddedTrial[]>;
}

export function createAdditions(engine: Engine): Additions {
  /** One attempt, inside the study's lock; undefined when somebody else was first. */
  async function addOnce(
    live: LiveStudy,
    clock: Clock,
    study: StudyInfo,
    { kind, requestId, count, prepare }: Addition,
    digest: Buffer,
  ): Promise<readonly number[] | undefined> {
    const stored = await engine.store.findRequests(live.id, requestId === "" ? [] : [requestId]);
    const earlier = stored.get(requestId);
    if (earlier !== undefined) {
      checkSameRequest(earlier, kind, digest);
      return earlier.numbers;
    }
    checkRoom(live, clock, count);
    const first = live.history.size;
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const request =
      requestId === "" ? undefined : { key: requestId, kind, fingerprint: digest, numbers, attempts: [] };
    try {
      const trials = await prepare(live, study);
      const { id: studyId, specVersion, revision: historyRevision } = live;
      const batch = { studyId, specVersion, nextNumber: first, historyRevision, trials, request };
      return (await engine.store.add(batch)) ? numbers : undefined;
    } catch (error) {
      // Another replica has just answered the same request: the next round finds its answer.
      if (error instanceof Error && "code" in error && error.code === "23505") return undefined;
      throw error;
    } finally {
      live.history.dropPending(first);
    }
  }

  async function add(ref: StudyRef, addition: Addition): Promise<Trial[]> {
    const digest = fingerprint(addition.content);
    return engine.directory.withStudy(ref, async (study) => {
      for (let round = 0; round < maxRounds; round++) {
        const numbers = await withFreshStudy(engine, study.id, (live, clock) =>
          addOnce(live, clock, study, addition, digest),
        );
        if (numbers === undefined) continue;
        engine.signals.notify(study.id);
        if (addition.kind === requestKinds.import) await stateAfter(engine, study.id, "active");
        return (await engine.store.readTrials(study.id, numbers)).map(withoutLease);
      }
      throw new StudyError("OVERLOADED", "other servers keep adding to this study first: try again", {
        retryAfterMs: 1_000,
      });
    });
  }

  return {
    enqueue: (ref, seeds, requestId) =>
      add(ref, {
        kind: requestKinds.enqueue,
        content: seeds,
        requestId,
        count: seeds.length,
        prepare: (live) => prepareSeeds(engine, live, seeds),
      }),
    import: (ref, trials, requestId) =>
      add(ref, {
        kind: requestKinds.import,
        content: trials,
        requestId,
        count: trials.length,
        prepare: (live, study) => prepareImports(live, study, trials),
      }),
  };
}

function checkRoom(live: LiveStudy, clock: Clock, count: number): void {
  if (clock.state === "finished") {
    throw new StudyError("STUDY_FINISHED", "the study has finished: resume it before adding trials");
  }
  const room = (clock.maxTrials ?? Infinity) - live.history.size;
  if (count > room) {
    throw new StudyError(
      "BUDGET_EXHAUSTED",
      `max_trials leaves room for ${Math.max(0, room)} more trials, not ${count}`,
    );
  }
}

async function prepareSeeds(
  engine: Engine,
  live: LiveStudy,
  seeds: readonly TrialSeed[],
): Promise<AddedTrial[]> {
  const { space, history, spec } = live;
  const added: AddedTrial[] = [];
  const takeBreak = createBreaks();
  const begun = performance.now();
  for (const [index, seed] of seeds.entries()) {
    await takeBreak();
    checkParams(space, seed.params, `trials[${index}].params`, { partial: true });
    let params = wholePoint(live, seed.params);
    if (params === undefined) {
      if (performance.now() - begun > maxSamplingMs) throw tooSlow(index, seeds.length);
      const suggested = await nextSuggestion(engine, live, seed.params);
      if (suggested === "exhausted") throw duplicate(index, spec.replicates);
      ({ params } = suggested);
    }
    history.addPending(history.size, params);
    added.push({
      params: JSON.stringify(params),
      attributes: JSON.stringify(seed.attributes),
      sampler: "enqueued",
      reason: "a user asked for this point",
      outcome: undefined,
    });
  }
  return added;
}

/** The point that a user has given every value of, unless it is used up: a slow sampler has nothing to choose. */
function wholePoint({ space, history, spec }: LiveStudy, given: Params): Params | undefined {
  if (space.check(given).length > 0) return undefined;
  const params = space.canonical(given);
  return history.count(space.toPoint(params), spec.replicates) < spec.replicates ? params : undefined;
}

async function prepareImports(
  live: LiveStudy,
  study: StudyInfo,
  trials: readonly ImportedTrial[],
): Promise<AddedTrial[]> {
  const { space, history, spec } = live;
  const added: AddedTrial[] = [];
  const takeBreak = createBreaks();
  for (const [index, trial] of trials.entries()) {
    await takeBreak();
    const at = `trials[${index}]`;
    checkParams(space, trial.params, `${at}.params`);
    const params = space.canonical(trial.params);
    const isUsed = history.count(space.toPoint(params), spec.replicates) >= spec.replicates;
    if (isUsed && space.size < Infinity) throw duplicate(index, spec.replicates);
    history.addPending(history.size, params);
    added.push({
      params: JSON.stringify(params),
      attributes: JSON.stringify(trial.attributes),
      sampler: "imported",
      reason: "evaluated elsewhere",
      outcome: within(at, () => outcomeOf(study.spec, trial)),
    });
  }
  return added;
}

/** Puts the path of one element before the fields that a refusal names. */
function within<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof StudyError) || error.problems.length === 0) throw error;
    const problems: FieldProblem[] = error.problems.map(({ field, description }) => ({
      field: `${path}.${field}`,
      description,
    }));
    throw new StudyError(error.reason, `${path}.${error.message}`, { problems });
  }
}

function tooSlow(done: number, count: number): StudyError {
  return invalid([
    {
      field: "trials",
      description: `leave out values that the sampler takes too long to choose, ${maxSamplingMs / 1_000} s for ${done} of ${count} trials: send fewer at once, or every value`,
    },
  ]);
}

function duplicate(index: number, replicates: number): StudyError {
  const times = replicates === 1 ? "once" : `${replicates} times`;
  return invalid([
    {
      field: `trials[${index}].params`,
      description: `every point with these values is in the study already: it allows each point ${times} (replicates)`,
    },
  ]);
}
