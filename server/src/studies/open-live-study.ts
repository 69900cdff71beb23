import { NO_BEST, updateBest } from "../optimizer/analysis/best.ts";
import { createHistory } from "../optimizer/history.ts";
import { createPruner } from "../optimizer/pruners/index.ts";
import { createSampler } from "../optimizer/samplers/index.ts";
import { createSpace } from "../optimizer/space/space.ts";
import type { TrialChange } from "../store/hot/changes.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Store } from "../store/store.ts";
import { applyChanges } from "./apply-changes.ts";
import { StudyError } from "./errors.ts";
import { createHandedTrials } from "./handed-trials.ts";
import type { Flight, LiveStudy } from "./live-study.ts";
import { createMutex } from "./mutex.ts";
import { readAllTrials, readChangesSince } from "./read-changes.ts";
import { decodeSpec } from "./spec.ts";

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
    const trials = await readAllTrials(store, id, spec, clock.nextNumber);
    if (trials === undefined) throw gone();
    await takeIn(trials, clock.revision);
    revision = clock.revision;
  }

  /** Answers false, with nothing done, if a trial has changed that has this number or a later one. */
  async function catchUp(clock: Clock, firstUnknown = Infinity): Promise<boolean> {
    const changes = await readChangesSince(store, id, spec, revision, history.size);
    if (changes.some(({ number }) => number >= firstUnknown)) return false;
    await takeIn(changes, Infinity);
    // Another replica may have been told.
    for (const { number, endRevision } of changes) if (endRevision > 0) handed.take(number);
    revision = Math.max(changes.at(-1)?.revision ?? revision, clock.revision);
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
    // Where suggestions take long, looking costs nothing beside them, and they would be made in vain.
    const isQuick = !(sampler.isHeavy?.(history, history.size) ?? false);
    return clock.state === "active" && hasRoom(clock) && isQuick ? clock : undefined;
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

/** Whether budgets allow a new trial now. */
const hasRoom = ({ counts, maxRunning, nextNumber, maxTrials }: Clock): boolean =>
  counts.running < (maxRunning ?? Infinity) && nextNumber < (maxTrials ?? Infinity);

function gone(): StudyError {
  return new StudyError("STUDY_NOT_FOUND", "there is no such study: it has been deleted");
}
