import { formatInteger } from "../format.ts";
import { isEnding, type Lease } from "./lease.ts";
import { COMPLETED, FAILED, INFEASIBLE, PRUNED, RUNNING, type TrialColumns } from "./trial-columns.ts";

/** What one worker does and has done in a study. */
export interface WorkerRecord {
  /** Index into {@link TrialColumns.workers}. */
  readonly index: number;
  /** Empty for workers that gave no name: they count as one. */
  readonly name: string;
  /** The trials that it holds, newest first. */
  readonly running: readonly number[];
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
  readonly infeasible: number;
  readonly ended: number;
  /** How many of its newest ended trials failed in a row, and the newest of them (-1 for none). */
  readonly streak: number;
  readonly newestFailure: number;
  /** When it was last heard of; NaN if never. */
  readonly seen: number;
  /** When the first of its leases ends; NaN without one. */
  readonly leaseEnds: number;
  /** Median length of its completed trials, in milliseconds; NaN without one. */
  readonly typical: number;
  readonly mood: WorkerMood;
}

/**
 * How a worker stands: `failing` when its last three or more trials failed, `silent` when a lease of its is about to end or has
 * ended, `working` while it holds a trial, else `idle`.
 */
export type WorkerMood = "failing" | "silent" | "working" | "idle";

/** Failures in a row from which a worker stands out. */
export const FAILURES = 3;

const TYPICAL = 50; // completed trials that the median is taken over

interface Tally {
  running: number[];
  readonly counts: Uint32Array;
  streak: number;
  newestFailure: number;
  seen: number;
  leaseEnds: number;
  silent: boolean;
  readonly lengths: number[];
}

/**
 * Every worker of a study, in order of appearance.
 * @param leases the newest word on running trials; where it lacks one, the columns' own lease counts
 */
export function workersOf(
  columns: TrialColumns,
  leases: ReadonlyMap<number, Lease>,
  now: number,
): WorkerRecord[] {
  const tallies = new Map<number, Tally>();
  for (let row = 0; row < columns.length; row++) {
    const state = columns.state[row]!;
    if (columns.attempt[row] === 0 || Number.isNaN(columns.started[row]!)) continue;
    const tally = tallyOf(tallies, columns.worker[row]!);
    tally.seen = latest(tally.seen, columns.started[row]!, columns.ended[row]!);
    if (state === RUNNING) {
      const lease = leases.get(row) ?? { ends: columns.leaseEnds[row]!, seen: columns.started[row]! };
      tally.running.push(row);
      tally.seen = latest(tally.seen, lease.seen);
      tally.silent ||= isEnding(lease, now);
      if (!(tally.leaseEnds < lease.ends)) tally.leaseEnds = lease.ends;
    } else if (state >= COMPLETED) {
      tally.counts[state] = (tally.counts[state] ?? 0) + 1;
      tally.streak = state === FAILED ? tally.streak + 1 : 0;
      if (state === FAILED) tally.newestFailure = row;
      if (state === COMPLETED) {
        tally.lengths.push(columns.ended[row]! - columns.started[row]!);
        if (tally.lengths.length > TYPICAL) tally.lengths.shift();
      }
    }
  }
  return [...tallies].map(([index, tally]): WorkerRecord => {
    const count = (state: number): number => tally.counts[state] ?? 0;
    const [completed, pruned, failed, infeasible] = [COMPLETED, PRUNED, FAILED, INFEASIBLE].map(count) as [
      number,
      number,
      number,
      number,
    ];
    return {
      index,
      name: columns.workers[index] ?? "",
      running: tally.running.reverse(),
      completed,
      pruned,
      failed,
      infeasible,
      ended: completed + pruned + failed + infeasible,
      streak: tally.streak,
      newestFailure: tally.streak > 0 ? tally.newestFailure : -1,
      seen: tally.seen,
      leaseEnds: tally.leaseEnds,
      typical: median(tally.lengths),
      mood:
        tally.streak >= FAILURES
          ? "failing"
          : tally.silent
            ? "silent"
            : tally.running.length > 0
              ? "working"
              : "idle",
    };
  });
}

function tallyOf(tallies: Map<number, Tally>, worker: number): Tally {
  let tally = tallies.get(worker);
  if (tally === undefined) {
    tally = {
      running: [],
      counts: new Uint32Array(INFEASIBLE + 1),
      streak: 0,
      newestFailure: -1,
      seen: NaN,
      leaseEnds: NaN,
      silent: false,
      lengths: [],
    };
    tallies.set(worker, tally);
  }
  return tally;
}

/** The latest of some times; NaN counts as never. */
function latest(...times: readonly number[]): number {
  let newest = NaN;
  for (const time of times) if (!(newest >= time) && !Number.isNaN(time)) newest = time;
  return newest;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Failing workers in a sentence, with what to look at: where nobody gets on, the script is at fault and not a machine. */
export function headlineOf(failing: number, well: number): string {
  if (well === 0) return "Every worker fails: look at what they run";
  const they = failing === 1 ? "One worker fails" : `${formatInteger(failing)} workers fail`;
  const others = well === 1 ? "another gets" : `${formatInteger(well)} others get`;
  return `${they} while ${others} on: look at ${failing === 1 ? "that machine" : "those machines"}`;
}
