import type { Engine } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import { type StudyRef } from "./directory.ts";
import { type Study, studyOf } from "./manage.ts";
import { type Trial, withoutLease } from "./trial.ts";

export interface WatchEvent {
  /** Where to resume from once this event is handled. */
  readonly cursor: string;
  /** Given first, and whenever something has changed. */
  readonly study: Study | undefined;
  /** The trials that have changed, each as it is now, in the order of their changes. */
  readonly trials: readonly Trial[];
}

/** Trials an event, so that a watcher who comes late gets many small messages. */
const pageSize = 500;

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
export async function* watch(
  engine: Engine,
  ref: StudyRef,
  cursor: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
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
  yield { cursor: String(revision), study: first, trials: [] };
  let spokenAt = performance.now();
  // Read ahead: an error is thrown where the page is awaited, or is nobody's concern if the watcher has gone by then.
  const page = () => {
    const reading = engine.store.readTrialsSince(first.id, revision, pageSize);
    reading.catch(() => undefined);
    return reading;
  };
  let next = page();
  while (!signal.aborted && performance.now() < end) {
    const trials = await next;
    if (trials.length === pageSize) {
      // More is behind it. The next page is read while this one is sent, and the study only with the last.
      revision = trials.at(-1)?.revision ?? revision;
      next = page();
      yield { cursor: String(revision), study: undefined, trials: trials.map(withoutLease) };
      spokenAt = performance.now();
      continue;
    }
    const study = await read(engine, ref, first.id);
    // The study was read after the page, so there may be changes of trials that the page does not have yet.
    const isBehind = study.clock.revision > (trials.at(-1)?.revision ?? seen);
    if (trials.length > 0 || study.clock.revision > seen) {
      revision = trials.at(-1)?.revision ?? Math.max(revision, seen);
      seen = study.clock.revision;
      yield { cursor: String(revision), study, trials: trials.map(withoutLease) };
      spokenAt = performance.now();
    } else if (performance.now() - spokenAt >= heartbeatMs) {
      yield { cursor: String(revision), study: undefined, trials: [] };
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
