import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { StudyState, type Study } from "@asktell/proto/asktell/v1/study_pb";
import { COMPLETED, RUNNING, type TrialColumns } from "./trial-columns.ts";
import { isEnding, type Lease } from "./lease.ts";

/** How fast a study goes and when it will be through. */
export interface Progress {
  /** Trials ended an hour, over the newest ended trials; NaN while fewer than two have ended. */
  readonly perHour: number;
  /** Milliseconds until the last trial allowed ends at this pace; undefined without a limit or a pace. */
  readonly left: number | undefined;
}

const NEWEST = 50; // ended trials that the pace is measured over

/** The pace of a study and what is left of it. */
export function progressOf(
  study: Pick<Study, "maxTrials" | "trialCounts">,
  columns: TrialColumns,
  now: number,
): Progress {
  const ends: number[] = [];
  // The newest trials by number hold the newest ends, but for a few that run long.
  for (let row = columns.length - 1; row >= 0 && ends.length < NEWEST; row--) {
    if (columns.state[row]! >= COMPLETED && columns.ended[row]! <= now + 60_000)
      ends.push(columns.ended[row]!);
  }
  const first = Math.min(...ends);
  if (ends.length < 2 || !(now > first)) return { perHour: NaN, left: undefined };
  const perHour = ((ends.length - 1) * 3_600_000) / (now - first);
  const { maxTrials, trialCounts } = study;
  if (maxTrials === undefined || trialCounts === undefined) return { perHour, left: undefined };
  const open = maxTrials - trialCounts.total + trialCounts.running + trialCounts.waiting;
  return { perHour, left: open <= 0 ? 0 : (open / perHour) * 3_600_000 };
}

/** Milliseconds until an active study finishes by its limit of time; undefined without one. */
export function deadlineOf(
  study: Pick<Study, "state" | "createTime" | "maxDuration">,
  now: number,
): number | undefined {
  const { state, createTime, maxDuration } = study;
  if (state !== StudyState.ACTIVE || createTime === undefined || maxDuration === undefined) return undefined;
  return Math.max(0, timestampMs(createTime) + durationMs(maxDuration) - now);
}

/**
 * The running trials: how many, on how many workers, and how many leases are about to end.
 * @param leases the newest word on them, by trial number
 */
export function leasesOf(
  columns: TrialColumns,
  leases: ReadonlyMap<number, Lease>,
  now: number,
): { trials: number; workers: number; ending: number } {
  const workers = new Set<number>();
  let trials = 0;
  let ending = 0;
  for (let row = 0; row < columns.length; row++) {
    if (columns.state[row] !== RUNNING) continue;
    trials += 1;
    workers.add(columns.worker[row]!);
    const lease = leases.get(row) ?? { ends: columns.leaseEnds[row]!, seen: columns.started[row]! };
    if (isEnding(lease, now)) ending += 1;
  }
  return { trials, workers: workers.size, ending };
}
