import { NO_BEST, type Best, updateBest } from "../optimizer/analysis/best.ts";
import { type History, createHistory } from "../optimizer/history.ts";
import { createPruner } from "../optimizer/pruners/index.ts";
import type { Pruner } from "../optimizer/pruners/pruner.ts";
import { createSampler } from "../optimizer/samplers/index.ts";
import type { Sampler } from "../optimizer/samplers/sampler.ts";
import type { Source } from "../optimizer/sources.ts";
import { type Space, createSpace } from "../optimizer/space/space.ts";
import type { TrialChange } from "../store/hot/changes.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Store } from "../store/store.ts";
import { applyChanges } from "./apply-changes.ts";
import { StudyError } from "./errors.ts";
import { type HandedTrials, createHandedTrials } from "./handed-trials.ts";
import { type Mutex, createMutex } from "./mutex.ts";
import { type StudySpec, decodeSpec } from "./spec.ts";

/** Rows a query: keeps one cold load of a large study from blocking the event loop in a single parse. */
const pageSize = 5_000;

/** Trials on their way into the tables, which the history holds already. */
export interface Flight {
  /** The number of the first new trial. */
  readonly firstNumber: number;
  /** How many new trials there are. */
  readonly fresh: number;
  /** Waiting and running trials that are handed out with them. */
  readonly claimed: readonly number[];
  /** The study's change number once they are written; undefined when they were not, or nobody knows. Never fails. */
  readonly revision: Promise<number | undefined>;
}

export interface RefreshOptions {
  /**
   * Whether the caller can do with a history whose newest trials are still in flight, as whoever chooses the next points can: it must
   * `land` them before it acts on what it chose. @default false
   */
  readonly besideFlight?: boolean;
  /**
   * Whether the caller can do with what this replica knows without looking at the tables, as long as it writes nothing unless the study is
   * then at `revision`, and answers nothing else. Only together with `besideFlight`. @default false
   */
  readonly mayGuess?: boolean;
}

/**
 * What one replica keeps in memory of one study: its trials in columns, its sampler and pruner. A cache only: every part of it is
 * a function of the tables at `revision`, and dropping it loses nothing but time.
 */
export interface LiveStudy {
  readonly id: number;
  readonly createdAt: Date;
  readonly spec: StudySpec;
  readonly specVersion: number;
  readonly space: Space;
  /** What the study took over from earlier ones. */
  readonly sources: readonly Source[];
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  readonly history: History;
  /** The change number up to which the history is complete, and beyond which it holds nothing. */
  readonly revision: number;
  /** Whether the newest refresh answered without looking at the tables. */
  readonly isGuess: boolean;
  /** Trials that wait for a worker, with the attempts that they have had. */
  readonly waiting: ReadonlyMap<number, number>;
  /** Trials that were cancelled before any worker had them. */
  readonly neverRan: ReadonlySet<number>;
  readonly handed: HandedTrials;
  /** The best trial so far, as of the newest refresh. */
  readonly best: Best;
  readonly bytes: number;
  /** One task at a time: whoever changes or samples from the history holds it. */
  readonly lock: Mutex;
  /** Reads what has changed; answers the study's clock, trials in flight included. Only inside `lock`. */
  refresh(options?: RefreshOptions): Promise<Clock>;
  /** Says that this replica has changed the study otherwise: what it knows of the study's clock is of no use any more. */
  outdate(): void;
  /** Says that the newest trials of the history are being written. Only inside `lock`, after `land`. */
  launch(flight: Flight): void;
  /**
   * Waits until nothing is in flight. Answers false when what was in flight is not known to have been written: the history has
   * forgotten it, and every trial after it. Only inside `lock`.
   */
  land(): Promise<boolean>;
}

/** Opens a study with an empty cache: call `refresh` before reading it. @throws StudyError STUDY_NOT_FOUND */
export async function openLiveStudy(store: Store, id: number): Promise<LiveStudy> {
  const record = await store.readStudy(id);
  if (record === undefined) throw gone();
  let spec = decodeSpec(record.spec);
  let specVersion = record.clock.specVersion;
  const space = createSpace(spec.parameters, spec.linearConstraints);
  const sources = spec.sources === undefined ? [] : await store.readSources(id);
  const sourceBytes =
    sources.reduce((sum, { trials }) => sum + trials.length, 0) * 64 * (1 + space.dimensions.length);
  let sampler = createSampler(spec.sampler, space, spec.objectives, sources);
  let pruner = createPruner(spec.pruner, spec.objectives);
  const history = createHistory(space, spec.objectives, spec.constraints.length);
  const constrained = spec.constraints.map(({ metric }) => metric);
  const waiting = new Map<number, number>();
  const neverRan = new Set<number>();
  const handed = createHandedTrials();
  let revision = 0;
  let best = NO_BEST;
  let flight: Flight | undefined;
  /** Whether it is still on its way: of one that is known to be over, landing costs nothing. */
  let isFlying = false;
  /** The clock at `revision`, while nobody else seems to change the study: the newest look at the tables found nothing new. */
  let known: Clock | undefined;
  let isGuess = false;

  const takeIn = (changes: readonly TrialChange[], upTo: number): Promise<void> =>
    applyChanges({ space, spec, history, waiting, neverRan }, changes, upTo);

  /** The first load, by number. A trial that has ended since the clock was read is taken as pending: `catchUp` ends it in its turn. */
  async function load(clock: Clock): Promise<void> {
    const changes: TrialChange[] = [];
    while (changes.length < clock.nextNumber) {
      const page = await store.trialsByNumber(id, changes.length, clock.nextNumber, pageSize, constrained);
      if (page.length === 0) throw gone();
      changes.push(...page);
    }
    await takeIn(changes, clock.revision);
    revision = clock.revision;
  }

  /** Answers false, with nothing done, if a trial has changed that has this number or a later one. */
  async function catchUp(clock: Clock, firstUnknown = Infinity): Promise<boolean> {
    const changes: TrialChange[] = [];
    let from = revision;
    for (;;) {
      const page = await store.changesSince(id, from, history.size, pageSize, constrained);
      changes.push(...page);
      from = page.at(-1)?.revision ?? from;
      if (page.length < pageSize) break;
    }
    if (changes.some(({ number }) => number >= firstUnknown)) return false;
    await takeIn(changes, Infinity);
    revision = Math.max(from, clock.revision);
    return true;
  }

  /**
   * Brings the history up to date while trials are in flight; undefined when only their landing can tell how the study stands, because
   * somebody has taken their numbers: they themselves, or another replica's trials.
   */
  async function refreshBeside({ firstNumber, fresh, claimed }: Flight): Promise<Clock | undefined> {
    if (claimed.length > 0) return undefined;
    const clock = await store.readClock(id);
    if (clock?.nextNumber !== firstNumber || clock.specVersion !== specVersion) return undefined;
    known = clock.revision === revision ? clock : undefined;
    if (clock.revision > revision && !(await catchUp(clock, firstNumber))) return undefined;
    return withFresh(clock, fresh);
  }

  /** The clock that a look at the tables would find if nobody else has changed the study; undefined when that is not worth trying. */
  async function guess(): Promise<Clock | undefined> {
    if (!isFlying) await land();
    if (known === undefined || (flight?.claimed.length ?? 0) > 0) return undefined;
    const clock = withFresh(known, flight?.fresh ?? 0);
    const hasRoom =
      clock.counts.running < (clock.maxRunning ?? Infinity) &&
      clock.nextNumber < (clock.maxTrials ?? Infinity);
    // Where suggestions take long, looking costs nothing beside them, and they would be made in vain.
    const isQuick = !(sampler.isHeavy?.(history, history.size) ?? false);
    return clock.state === "active" && hasRoom && isQuick ? clock : undefined;
  }

  async function land(): Promise<boolean> {
    if (flight === undefined) return true;
    const { firstNumber, fresh, claimed } = flight;
    const after = await flight.revision;
    flight = undefined;
    const before = known;
    known = undefined;
    if (after === undefined) {
      history.dropPending(firstNumber);
      return false;
    }
    // If nobody else has changed the study in between, what was written is all that is new, and need not be read back.
    if (after === revision + fresh + claimed.length) {
      for (const number of claimed) waiting.delete(number);
      revision = after;
      if (before !== undefined && claimed.length === 0) known = { ...withFresh(before, fresh), revision };
    }
    return true;
  }

  return {
    id,
    createdAt: record.createdAt,
    space,
    sources,
    history,
    waiting,
    neverRan,
    handed,
    lock: createMutex(),
    get spec() {
      return spec;
    },
    get specVersion() {
      return specVersion;
    },
    get sampler() {
      return sampler;
    },
    get pruner() {
      return pruner;
    },
    get revision() {
      return revision;
    },
    get isGuess() {
      return isGuess;
    },
    get best() {
      return best;
    },
    get bytes() {
      const trials = history.bytes + handed.bytes + 64 * (waiting.size + neverRan.size);
      return trials + (sampler.bytes ?? 0) + sourceBytes + 4_096;
    },
    land,
    outdate: () => void (known = undefined),
    launch(next) {
      flight = next;
      isFlying = true;
      void next.revision.then(() => (isFlying = flight === next ? false : isFlying));
    },
    async refresh({ besideFlight = false, mayGuess = false } = {}) {
      const guessed = mayGuess ? await guess() : undefined;
      isGuess = guessed !== undefined;
      if (guessed !== undefined) return guessed;
      const beside =
        besideFlight && isFlying && flight !== undefined ? await refreshBeside(flight) : undefined;
      if (beside !== undefined) {
        best = updateBest(best, history);
        return beside;
      }
      await land();
      const clock = await store.readClock(id);
      if (clock === undefined) throw gone();
      if (clock.specVersion !== specVersion) {
        const newest = await store.readStudy(id);
        if (newest === undefined) throw gone();
        spec = decodeSpec(newest.spec);
        specVersion = newest.clock.specVersion;
        sampler = createSampler(spec.sampler, space, spec.objectives, sources);
        pruner = createPruner(spec.pruner, spec.objectives);
      }
      known = clock.revision === revision ? clock : undefined;
      if (revision === 0 && clock.revision > 0) await load(clock);
      if (clock.revision > revision) await catchUp(clock);
      best = updateBest(best, history);
      return clock;
    },
  };
}

/** The clock of a study that has got so many new trials. */
const withFresh = (clock: Clock, fresh: number): Clock => ({
  ...clock,
  nextNumber: clock.nextNumber + fresh,
  counts: { ...clock.counts, running: clock.counts.running + fresh },
});

function gone(): StudyError {
  return new StudyError("STUDY_NOT_FOUND", "there is no such study: it has been deleted");
}
