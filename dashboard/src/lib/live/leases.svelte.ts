import { getContext, setContext } from "svelte";
import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { trials } from "../api/clients.ts";
import type { Problem } from "../api/problem.ts";
import type { Lease } from "../data/lease.ts";
import { pollReporting } from "./poll-reporting.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const pace = { every: 5_000 }; // ms
const PAGE = 10_000;
const paths = ["number", "lease_expire_time", "last_seen_time"];

/** The leases of a study's running trials. */
export interface Leases {
  /** By trial number. */
  readonly all: ReadonlyMap<number, Lease>;
  readonly problem: Problem | undefined;
}

/**
 * Asks for the leases of the running trials every five seconds: renewals are too many to be changes of the study, so the stream
 * does not tell them.
 */
export function createLeases(source: () => StudyFeed): Leases {
  let all = $state.raw<ReadonlyMap<number, Lease>>(new Map());
  let problem = $state.raw<Problem>();
  const name = $derived(source().study?.name);
  const running = $derived((source().study?.trialCounts?.running ?? 0) > 0);

  $effect(() => {
    const study = name;
    if (study === undefined || !running) {
      all = new Map();
      return;
    }
    const { stop } = pollReporting(
      async (signal) => {
        const query = { study, filter: "state = RUNNING", pageSize: PAGE, readMask: { paths } };
        const answer = await trials.listTrials(query, { signal });
        all = new Map(
          answer.trials.map((trial) => [
            trial.number,
            { ends: time(trial.leaseExpireTime), seen: time(trial.lastSeenTime) },
          ]),
        );
      },
      (found) => (problem = found),
      pace,
    );
    return stop;
  });

  return {
    get all() {
      return all;
    },
    get problem() {
      return problem;
    },
  };
}

function time(stamp: Timestamp | undefined): number {
  return stamp === undefined ? NaN : timestampMs(stamp);
}

const KEY = Symbol("leases");

/** Shares the leases with the pages below a layout. */
export function provideLeases(leases: Leases): Leases {
  return setContext(KEY, leases);
}

/** The leases of the study that this page belongs to. */
export function useLeases(): Leases {
  return getContext<Leases>(KEY);
}
