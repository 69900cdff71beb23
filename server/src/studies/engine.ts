import type { FinishReason, StudyState } from "../store/states.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Store } from "../store/store.ts";
import type { Directory } from "./directory.ts";
import type { EngineLog } from "./engine-log.ts";
import { StudyError } from "./errors.ts";
import type { Heavy } from "./heavy/heavy.ts";
import type { LiveStudies } from "./live-studies.ts";
import type { LiveStudy, RefreshOptions } from "./live-study.ts";
import type { Signals } from "./signals.ts";
import type { StudySpec } from "./spec.ts";
import { rulesNeedHistory, stoppingReason } from "./stopping.ts";

/** What the use cases share. */
export interface Engine {
  readonly store: Store;
  readonly directory: Directory;
  readonly studies: LiveStudies;
  /** Worker threads for what takes long. */
  readonly heavy: Heavy;
  /** Tells watchers and waiting askers of this replica that a study has changed. */
  readonly signals: Signals;
  readonly log: EngineLog;
}

/**
 * Runs a task alone on a study that is up to date. A cache that fails for any reason but a refusal is dropped: the next call rebuilds
 * it from the tables.
 */
export async function withUpToDateStudy<T>(
  engine: Engine,
  studyId: number,
  task: (live: LiveStudy, clock: Clock) => Promise<T>,
  options?: RefreshOptions,
): Promise<T> {
  const live = await engine.studies.open(studyId);
  return live.lock(async () => {
    try {
      return await task(live, await live.refresh(options));
    } catch (error) {
      if (!(error instanceof StudyError) || error.reason === "STUDY_NOT_FOUND") engine.studies.drop(studyId);
      throw error;
    }
  });
}

/** The same after the study's stopping rules have been followed. */
export function withFreshStudy<T>(
  engine: Engine,
  studyId: number,
  task: (live: LiveStudy, clock: Clock) => Promise<T>,
  options?: RefreshOptions,
): Promise<T> {
  return withUpToDateStudy(
    engine,
    studyId,
    async (live, clock) => task(live, await followRules(engine, live, clock)),
    options,
  );
}

/**
 * Where a study stands after trials have ended or its limits have changed. Rules that look at results are followed before anybody hears of
 * it; if that fails, the change has been made all the same, and the next ask follows them.
 *
 * @param state - as the change has left it
 * @param spec - the newest one @default the one that this replica knows
 */
export async function stateAfter(
  engine: Engine,
  studyId: number,
  state: StudyState,
  spec?: StudySpec,
): Promise<StudyState> {
  if (state !== "active") return state;
  try {
    if (!rulesNeedHistory(spec ?? (await engine.studies.open(studyId)).spec)) return state;
    return await withFreshStudy(engine, studyId, async (_, clock) => clock.state);
  } catch (error) {
    engine.log.warn({ err: error, studyId }, "could not follow a study's rules after a change");
    return state;
  }
}

/** Finishes the study if a rule says so; answers the clock as it then is. */
async function followRules(engine: Engine, live: LiveStudy, clock: Clock): Promise<Clock> {
  if (clock.state !== "active") return clock;
  const reason = ruleThatStops(live, clock);
  if (reason === undefined) return clock;
  if (live.isGuess) return followRules(engine, live, await live.refresh());
  const finished = await engine.store.changeState(live.id, ["active"], "finished", reason);
  engine.signals.notify(live.id);
  // Undefined: another replica has changed the state in between; its own rules hold.
  return finished ?? (await live.refresh());
}

/**
 * Why the study should finish now; undefined while no rule says so. Its age is by the database's clock, as leases are: replicas' clocks may
 * differ. On a guess that is as old as the newest look at the tables, and the sweeper looks in time.
 */
export function ruleThatStops(live: LiveStudy, clock: Clock): FinishReason | undefined {
  const { spec, history, neverRan, best, createdAt } = live;
  const ageSeconds = (clock.readAt.getTime() - createdAt.getTime()) / 1_000;
  return stoppingReason({ spec, clock, history, neverRan, best, ageSeconds });
}
