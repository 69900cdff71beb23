import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { HeldTrial, Worker } from "@asktell/proto/asktell/v1/trial_service_pb";
import { isEnding } from "./lease.ts";
import { splitStudyName } from "./names.ts";
import { FAILURES, headlineOf, type WorkerMood } from "./workers.ts";

/** How a worker of several studies stands; see {@link WorkerMood}. @param now milliseconds since 1970 */
export function moodOf(worker: Worker, now: number): WorkerMood {
  if (worker.failureStreak >= FAILURES) return "failing";
  if (worker.runningCount === 0) return "idle";
  return worker.running.some((trial) => isSilent(trial, now)) ? "silent" : "working";
}

/** Whether the lease of a trial is about to end without a word from its worker. */
export function isSilent({ leaseExpireTime, lastSeenTime }: HeldTrial, now: number): boolean {
  const [ends, seen] = [leaseExpireTime, lastSeenTime].map((time) =>
    time === undefined ? NaN : timestampMs(time),
  ) as [number, number];
  return isEnding({ ends, seen }, now);
}

/** How many trials a worker has ended, of those that were looked at. */
export function endedBy(worker: Worker): number {
  return worker.completedCount + worker.prunedCount + worker.failedCount + worker.infeasibleCount;
}

/** What is wrong with a failing worker: "has failed all of its 12 trials". */
export function failureWords(worker: Worker): string {
  const { failureStreak: streak } = worker;
  return streak === endedBy(worker)
    ? `has failed ${streak === 1 ? "its only trial" : `all of its ${streak} trials`}`
    : `has failed its last ${streak} trials`;
}

/** What the head of the page says of failing workers; undefined when none fails. */
export function failureHeadline(workers: readonly Worker[]): string | undefined {
  const failing = workers.filter(({ failureStreak }) => failureStreak >= FAILURES).length;
  const well = workers.filter((worker) => endedBy(worker) > 0 && worker.failureStreak < FAILURES).length;
  return failing === 0 ? undefined : headlineOf(failing, well);
}

/** The parts of a trial's resource name. */
export function splitTrialName(name: string): { project: string; study: string; number: string } {
  return { ...splitStudyName(name), number: name.split("/")[5] ?? "" };
}
