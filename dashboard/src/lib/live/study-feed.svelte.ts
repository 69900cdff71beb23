import { flushSync, getContext, setContext } from "svelte";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import type { WatchStudyResponse } from "@asktell/proto/asktell/v1/study_service_pb";
import { studies } from "../api/clients.ts";
import { dimensionsOf, targetsOf, type Dimension, type Target } from "../data/spec.ts";
import { createTrialColumns, putTrials, type TrialColumns } from "../data/trial-columns.ts";
import { followStudy, type FollowStatus } from "./follow-study.ts";

/** One study, live: the one stream of this tab, shared by every chart and table of the study's pages. */
export interface StudyFeed {
  readonly study: Study | undefined;
  /** The trials so far. A new object at each change; its arrays are changed in place. */
  readonly columns: TrialColumns;
  readonly dimensions: readonly Dimension[];
  readonly targets: readonly Target[];
  readonly status: FollowStatus;
  /** Trials received of those that exist, while the first load goes on; undefined once it is complete. */
  readonly loading: { readonly received: number; readonly total: number } | undefined;
  /** Takes an answer of another call, so that the page need not wait for the stream to say the same. */
  accept(study: Study): void;
}

/** How long a hidden tab keeps its stream: browsers allow six connections to a server over HTTP/1.1. */
const KEEP_WHILE_HIDDEN = 30_000; // ms

/** Trials still missing from which on the first load is shown in steps. */
const MANY = 3_000;

const empty: TrialColumns = createTrialColumns([], 1, 1);

/** Follows a study for as long as the calling component lives. */
export function createStudyFeed(name: string): StudyFeed {
  let study = $state.raw<Study>();
  let columns = $state.raw<TrialColumns>(empty);
  let status = $state.raw<FollowStatus>({ kind: "connecting" });
  let received = $state(0);
  let complete = $state(false);
  let dimensions = $state.raw<readonly Dimension[]>([]);
  let targets = $state.raw<readonly Target[]>([]);

  let cursor = "0";
  let working: TrialColumns = empty;
  let newest: Study | undefined;
  let count = 0;
  let frame: ReturnType<typeof setTimeout> | number | undefined;
  /** When drawing may go on, on the clock of performance.now(). */
  let resume = 0;

  function take(message: WatchStudyResponse): "on" | "again" {
    if (message.study !== undefined && takeStudy(message.study) === "other") return "again";
    if (message.columns !== undefined) count += putTrials(working, message.columns);
    if (message.study !== undefined || message.columns !== undefined) publishSoon();
    return "on";
  }

  /** Answers whether it is another study than the one before. */
  function takeStudy(next: Study): "same" | "other" {
    const former = newest;
    const begun = (one: Study): number => (one.createTime === undefined ? 0 : timestampMs(one.createTime));
    // A study that was deleted and made anew under the same name shares nothing with the old one.
    if (newest === undefined || begun(newest) !== begun(next)) {
      dimensions = dimensionsOf(next);
      targets = targetsOf(next);
      working = createTrialColumns(dimensions, targets.length, Math.max(256, next.trialCounts?.total ?? 0));
      count = 0;
      complete = false;
    } else if (next.revision < newest.revision) return "same";
    newest = next;
    return former === undefined || begun(former) === begun(next) ? "same" : "other";
  }

  /**
   * At most one change of state a frame, and one a second while nobody looks. Drawing takes at most a fifth of the time, so
   * that hundreds of changes a second leave the page at hand. While thousands of trials still come in it is one a second:
   * drawing half of them over and over would only delay the rest.
   */
  function publishSoon(): void {
    if (frame !== undefined) return;
    const filling = columns.length > 0 && !complete && (newest?.trialCounts?.total ?? 0) - count > MANY;
    const wait = document.hidden || filling ? 1_000 : resume - performance.now();
    frame = wait > 20 ? setTimeout(publish, wait) : requestAnimationFrame(publish);
  }

  function publish(): void {
    frame = undefined;
    const begun = performance.now();
    flushSync(() => {
      study = newest;
      received = count;
      columns = { ...working };
      complete ||= count >= (newest?.trialCounts?.total ?? 0);
    });
    const now = performance.now();
    resume = now + Math.min(400, 4 * (now - begun));
  }

  $effect(() => {
    let stop = new AbortController();
    let hiding: ReturnType<typeof setTimeout> | undefined;

    async function run(): Promise<void> {
      stop = new AbortController();
      const options = {
        study: name,
        cursor,
        signal: stop.signal,
        onMessage: take,
        onStatus: (next: FollowStatus) => (status = next),
      };
      cursor = await followStudy(studies, options);
    }
    function onVisibility(): void {
      clearTimeout(hiding);
      if (document.hidden) hiding = setTimeout(() => stop.abort(), KEEP_WHILE_HIDDEN);
      else if (stop.signal.aborted) void run();
    }
    document.addEventListener("visibilitychange", onVisibility);
    void run();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      clearTimeout(hiding);
      stop.abort();
    };
  });

  return {
    get study() {
      return study;
    },
    get columns() {
      return columns;
    },
    get dimensions() {
      return dimensions;
    },
    get targets() {
      return targets;
    },
    get status() {
      return status;
    },
    get loading() {
      return complete ? undefined : { received, total: study?.trialCounts?.total ?? 0 };
    },
    accept(next) {
      takeStudy(next);
      publishSoon();
    },
  };
}

const KEY = Symbol("study feed");

/** Shares the feed with the pages below a layout. */
export function provideStudyFeed(feed: StudyFeed): StudyFeed {
  return setContext(KEY, feed);
}

/** The feed of the study that this page belongs to. */
export function useStudyFeed(): StudyFeed {
  return getContext<StudyFeed>(KEY);
}
