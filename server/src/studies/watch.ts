import type { Engine } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { type StudyRef } from "./directory.ts";
import { type Study, studyOf } from "./study.ts";
import { type Trial, withoutLease } from "./trial.ts";
import { type TrialColumns, numericColumns } from "./trial-columns.ts";

/** One step of watching a study, whose trials come as `T`. */
export interface WatchEvent<T> {
  /** Where to resume from once this event is handled. */
  readonly cursor: string;
  /** Given first, and whenever something has changed. */
  readonly study: Study | undefined;
  /** The trials that have changed, each as it is now, in the order of their changes; undefined when none has. */
  readonly trials: T | undefined;
}

/** The trials that have changed since a revision, at most so many that a watcher who comes late gets many small messages. */
type ReadPage<T> = (engine: Engine, study: Study, revision: number) => Promise<Page<T>>;

interface Page<T> {
  readonly trials: T | undefined;
  /** Of the last change; undefined when there is none. */
  readonly revision: number | undefined;
  /** Whether there may be more. */
  readonly isFull: boolean;
}

/** As many whole trials as make a message of about 200 kB. */
const trialsInPage = 500;

export const wholeTrials: ReadPage<readonly Trial[]> = async ({ store }, { id }, revision) => {
  const trials = await store.readTrialsSince(id, revision, trialsInPage);
  return {
    trials: trials.length === 0 ? undefined : trials.map(withoutLease),
    revision: trials.at(-1)?.revision,
    isFull: trials.length === trialsInPage,
  };
};

/** At most so many trials and so many numbers that reading and writing a page takes this thread about ten milliseconds. */
const [rowsInPage, numbersInPage] = [5_000, 80_000];

export const trialsInColumns: ReadPage<TrialColumns> = async ({ store }, { id, spec }, revision) => {
  const width = spec.parameters.length + spec.objectives.length + 9;
  const limit = Math.min(rowsInPage, Math.ceil(numbersInPage / width));
  const columns = await store.readColumnsSince(id, revision, limit);
  const { length } = columns.numbers;
  return {
    trials: length === 0 ? undefined : numericColumns(spec, columns),
    revision: columns.revisions.at(-1),
    isFull: length === limit,
  };
};

/** Silence after which an event without content is sent, ms: proxies cut streams that are silent for a minute. */
const heartbeatMs = 15_000;

/** The longest stream, ms: watchers spread over the replicas again, and sessions are freed. */
const maxDurationMs = 3_600_000;

/**
 * Follows a study. Content comes from the tables alone, by change number; signals only say when to look. So a watcher
 * that resumes from its cursor, at any replica, misses nothing and sees changes in their order.
 *
 * @param cursor - of the last event handled; "0" for all trials; empty for the study as it is, then changes
 * @throws StudyError STUDY_NOT_FOUND, also when the study is deleted later
 */
export async function* watch<T>(
  engine: Engine,
  ref: StudyRef,
  cursor: string,
  signal: AbortSignal,
  readPage: ReadPage<T>,
): AsyncGenerator<WatchEvent<T>> {
  if (!/^\d{0,16}$/.test(cursor)) {
    throw invalid([
      {
        field: "cursor",
        description: `${JSON.stringify(cursor)} is no cursor: send one that WatchStudy has answered`,
      },
    ]);
  }
  const end = performance.now() + maxDurationMs;
  const first = await read(engine, ref);
  let revision = cursor === "" ? first.clock.revision : Number(cursor);
  let seen = first.clock.revision;
  if (revision > seen) {
    throw invalid([
      {
        field: "cursor",
        description: `${cursor} lies beyond the study's newest change, ${seen}: it belongs to another study`,
      },
    ]);
  }
  yield { cursor: String(revision), study: first, trials: undefined };
  let spokenAt = performance.now();
  // Read ahead: an error is thrown where the page is awaited, or is nobody's concern if the watcher has gone by then.
  const page = () => {
    const reading = readPage(engine, first, revision);
    reading.catch(() => undefined);
    return reading;
  };
  let next = page();
  while (!signal.aborted && performance.now() < end) {
    const { trials, revision: last, isFull } = await next;
    if (isFull) {
      // More is behind it. The next page is read while this one is sent, and the study only with the last.
      revision = last ?? revision;
      next = page();
      yield { cursor: String(revision), study: undefined, trials };
      spokenAt = performance.now();
      continue;
    }
    const study = await read(engine, ref, first.id);
    // The study was read after the page, so there may be changes of trials that the page does not have yet.
    const isBehind = study.clock.revision > (last ?? seen);
    if (trials !== undefined || study.clock.revision > seen) {
      revision = last ?? Math.max(revision, seen);
      seen = study.clock.revision;
      yield { cursor: String(revision), study, trials };
      spokenAt = performance.now();
    } else if (performance.now() - spokenAt >= heartbeatMs) {
      yield { cursor: String(revision), study: undefined, trials: undefined };
      spokenAt = performance.now();
    }
    if (!isBehind) {
      const timeoutMs = heartbeatMs - (performance.now() - spokenAt);
      await engine.signals.changed(first.id, { timeoutMs, signal, revision: seen });
    }
    next = page();
  }
}

async function read(engine: Engine, ref: StudyRef, id?: number): Promise<Study> {
  const record =
    id === undefined
      ? await engine.store.readStudyByName(ref.projectId, ref.name)
      : await engine.store.readStudy(id);
  if (record === undefined)
    throw new StudyError("STUDY_NOT_FOUND", `there is no study ${JSON.stringify(ref.name)} in this project`);
  return studyOf(record);
}
