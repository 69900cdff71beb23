import type { Params } from "../optimizer/space/parameter.ts";
import type { AddedTrial, ImportedOutcome } from "../store/hot/add.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Metrics } from "../store/hot/metrics.ts";
import { requestKinds } from "../store/hot/requests.ts";
import type { Measurement } from "../store/hot/trial-row.ts";
import type { TerminalState } from "../store/states.ts";
import { checkParams } from "./check-params.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import { type FieldProblem, StudyError, invalid } from "./errors.ts";
import { checkSameRequest, fingerprint } from "./fingerprint.ts";
import type { LiveStudy } from "./live-study.ts";
import { nextSuggestion } from "./next-suggestion.ts";
import { type Trial, withoutLease } from "./trial.ts";
import { objectiveValues, violationOf } from "./values.ts";

/** A point that a user wants tried; the sampler chooses what is left out. */
export interface TrialSeed {
  readonly params: Params;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** One report of it. Without a time it counts as reported now: filled in late, since it must not tell a repeated request from the first. */
export type ImportedMeasurement = Omit<Measurement, "reportedAt"> & { readonly reportedAt: Date | undefined };

/** A trial that was evaluated elsewhere. */
export interface ImportedTrial extends TrialSeed {
  readonly values: readonly number[];
  readonly metrics: Metrics;
  /** Undefined: completed. */
  readonly state: TerminalState | undefined;
  readonly failure: string;
  readonly measurements: readonly ImportedMeasurement[];
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

export interface Additions {
  /** Adds points to be handed out next. */
  enqueue(ref: StudyRef, seeds: readonly TrialSeed[], requestId: string): Promise<Trial[]>;
  /** Adds trials that have ended elsewhere. */
  import(ref: StudyRef, trials: readonly ImportedTrial[], requestId: string): Promise<Trial[]>;
}

/** How often it begins anew because a number was taken in between. */
const maxRounds = 50;

/** What one kind of addition does with a study that is up to date; it may add to the history, which is dropped back afterwards. */
type Prepare = (live: LiveStudy, study: StudyInfo) => AddedTrial[] | Promise<AddedTrial[]>;

export function createAdditions(engine: Engine): Additions {
  async function add(
    ref: StudyRef,
    kind: number,
    content: unknown,
    requestId: string,
    count: number,
    prepare: Prepare,
  ): Promise<Trial[]> {
    const digest = fingerprint(content);
    return engine.directory.withStudy(ref, async (study) => {
      for (let round = 0; round < maxRounds; round++) {
        const numbers = await withFreshStudy(engine, study.id, async (live, clock) => {
          const stored = (await engine.store.findRequests(live.id, requestId === "" ? [] : [requestId])).get(
            requestId,
          );
          if (stored !== undefined) {
            checkSameRequest(stored, kind, digest);
            return stored.numbers;
          }
          checkRoom(live, clock, count);
          const first = live.history.size;
          const fresh = Array.from({ length: count }, (_, index) => first + index);
          const request =
            requestId === ""
              ? undefined
              : { key: requestId, kind, fingerprint: digest, numbers: fresh, attempts: [] };
          try {
            const trials = await prepare(live, study);
            const { id: studyId, specVersion, revision: historyRevision } = live;
            const batch = { studyId, specVersion, nextNumber: first, historyRevision, trials, request };
            return (await engine.store.add(batch)) ? fresh : undefined;
          } catch (error) {
            // Another replica has just answered the same request: the next round finds its answer.
            if (error instanceof Error && "code" in error && error.code === "23505") return undefined;
            throw error;
          } finally {
            live.history.dropPending(first);
          }
        });
        if (numbers === undefined) continue;
        engine.signals.notify(study.id);
        return (await engine.store.readTrials(study.id, numbers)).map(withoutLease);
      }
      throw new StudyError("OVERLOADED", "other servers keep adding to this study first: try again", {
        retryAfterMs: 1_000,
      });
    });
  }

  return {
    enqueue: (ref, seeds, requestId) =>
      add(ref, requestKinds.enqueue, seeds, requestId, seeds.length, (live) =>
        prepareSeeds(engine, live, seeds),
      ),
    import: (ref, trials, requestId) =>
      add(ref, requestKinds.import, trials, requestId, trials.length, (live, study) =>
        prepareImports(live, study, trials),
      ),
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
  for (const [index, seed] of seeds.entries()) {
    checkParams(space, seed.params, `trials[${index}].params`, { partial: true });
    const suggested = await nextSuggestion(engine, live, seed.params);
    if (suggested === "exhausted") throw duplicate(index, spec.replicates);
    history.addPending(history.size, suggested.params);
    added.push({
      params: JSON.stringify(suggested.params),
      attributes: JSON.stringify(seed.attributes),
      sampler: "enqueued",
      reason: "a user asked for this point",
      outcome: undefined,
    });
  }
  return added;
}

function prepareImports(live: LiveStudy, study: StudyInfo, trials: readonly ImportedTrial[]): AddedTrial[] {
  const { space, history, spec } = live;
  return trials.map((trial, index) => {
    const at = `trials[${index}]`;
    checkParams(space, trial.params, `${at}.params`);
    const params = space.canonical(trial.params);
    const isUsed = history.count(space.toPoint(params)) >= spec.replicates;
    if (isUsed && space.size < Infinity) throw duplicate(index, spec.replicates);
    history.addPending(history.size, params);
    return {
      params: JSON.stringify(params),
      attributes: JSON.stringify(trial.attributes),
      sampler: "imported",
      reason: "evaluated elsewhere",
      outcome: within(at, () => outcomeOf(study, trial)),
    };
  });
}

function outcomeOf({ spec }: StudyInfo, trial: ImportedTrial): ImportedOutcome {
  const { metrics, measurements, startedAt, endedAt } = trial;
  const now = new Date();
  const asked = trial.state ?? "completed";
  const sent = objectiveValues(spec.objectives, trial, asked === "completed");
  const isNumber = sent.every((value) => !Number.isNaN(value));
  const state = asked === "completed" && !isNumber ? "failed" : asked;
  if (startedAt !== undefined && startedAt.getTime() > (endedAt?.getTime() ?? Date.now())) {
    const until = endedAt === undefined ? "now, its end" : `its end, ${endedAt.toISOString()}`;
    throw invalid([
      { field: "start_time", description: `is ${startedAt.toISOString()}: expected at most ${until}` },
    ]);
  }
  const curve = measurements.toSorted((a, b) => a.step - b.step);
  curve.forEach(({ step, values }, index) => {
    const field = `measurements[${index}]`;
    if (step === curve[index - 1]?.step) throw invalid([{ field, description: `repeats the step ${step}` }]);
    if (values.length !== spec.objectives.length) {
      throw invalid([
        {
          field: `${field}.values`,
          description: `has ${values.length} numbers: expected ${spec.objectives.length}`,
        },
      ]);
    }
  });
  const reported = state === "pruned" && sent.length === 0 ? (curve.at(-1)?.values ?? []) : sent;
  return {
    state,
    values: state === "failed" || state === "infeasible" ? [] : reported,
    metrics,
    violation: state === "completed" ? violationOf(spec, metrics) : 0,
    failure: trial.failure || (state === asked ? "" : "The objective value is not a number."),
    measurements: curve.map((measurement) => ({ ...measurement, reportedAt: measurement.reportedAt ?? now })),
    startedAt,
    endedAt,
  };
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

function duplicate(index: number, replicates: number): StudyError {
  const times = replicates === 1 ? "once" : `${replicates} times`;
  return invalid([
    {
      field: `trials[${index}].params`,
      description: `every point with these values is in the study already: it allows each point ${times} (replicates)`,
    },
  ]);
}
