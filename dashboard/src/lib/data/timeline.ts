import { FAILED, RUNNING, WAITING, type TrialColumns } from "./trial-columns.ts";

/** One trial on its worker. */
export interface TimelineBar {
  readonly row: number;
  /** Index of its worker. */
  readonly lane: number;
  /** Where it lies below the first lane's upper edge, in lines. */
  readonly top: number;
  readonly bottom: number;
  readonly state: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A worker's lane: one line, or as many as it had trials at the same time. */
export interface TimelineLane {
  readonly name: string;
  readonly trials: number;
  readonly failed: number;
  /** Where it lies below the first lane's upper edge, in lines. */
  readonly top: number;
  readonly bottom: number;
}

/** Who worked on what, and when. */
export interface Timeline {
  /** Of the workers that were the busiest of late, by name. */
  readonly lanes: readonly TimelineLane[];
  /** By lane, then by start. */
  readonly bars: readonly TimelineBar[];
  readonly from: number;
  readonly to: number;
  /** Trials that found no lane or are older than those shown. */
  readonly left: number;
  /** Trials that were imported without the times between which they ran: no worker had them here. */
  readonly imported: number;
}

const NEWEST = 2_000; // trials
const LANES = 24; // workers
/** Lines that a lane takes up at most: more trials at the same time get thinner bars, so that other workers keep some room. */
const TALLEST = 12;

/** The newest trials by worker. A running trial reaches to the present; one that waits again is on no worker. */
export function timelineOf(columns: TrialColumns, now: number): Timeline {
  const rows: number[] = [];
  let [begun, imported] = [0, 0];
  for (let row = columns.length - 1; row >= 0; row--) {
    if (Number.isNaN(columns.started[row]!) || columns.state[row] === WAITING) continue;
    if (columns.attempt[row] === 0 && columns.started[row] === columns.ended[row]) {
      imported += 1;
      continue;
    }
    begun += 1;
    if (rows.length < NEWEST) rows.push(row);
  }
  const busy = new Map<number, { trials: number; failed: number }>();
  for (const row of rows) {
    const worker = busy.get(columns.worker[row]!) ?? { trials: 0, failed: 0 };
    worker.trials += 1;
    if (columns.state[row] === FAILED) worker.failed += 1;
    busy.set(columns.worker[row]!, worker);
  }
  const nameOf = (index: number): string => (columns.workers[index] ?? "") || "(no name)";
  const chosen = [...busy].sort(([, a], [, b]) => b.trials - a.trials).slice(0, LANES);
  chosen.sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true }));
  const runs = new Map<number, Run[]>(chosen.map(([index]) => [index, []]));
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    const state = columns.state[row]!;
    const start = columns.started[row]!;
    const end = state === RUNNING || Number.isNaN(columns.ended[row]!) ? now : columns.ended[row]!;
    const run = { row, state, from: start, to: Math.max(end, start) };
    const own = runs.get(columns.worker[row]!);
    if (own === undefined) continue;
    own.push(run);
    from = Math.min(from, run.from);
    to = Math.max(to, run.to);
  }
  const lanes: TimelineLane[] = [];
  const bars: TimelineBar[] = [];
  let top = 0;
  for (const [lane, [index, { trials, failed }]] of chosen.entries()) {
    const own = (runs.get(index) ?? []).sort((a, b) => a.from - b.from || a.row - b.row);
    const lines = linesOf(own);
    const count = Math.max(...lines) + 1;
    const thick = Math.min(count, TALLEST) / count;
    for (const [i, run] of own.entries())
      bars.push({ ...run, lane, top: top + lines[i]! * thick, bottom: top + (lines[i]! + 1) * thick });
    const bottom = top + count * thick;
    lanes.push({ name: nameOf(index), trials, failed, top, bottom });
    top = bottom;
  }
  if (bars.length === 0) [from, to] = [now - 60_000, now];
  return { lanes, bars, from, to: Math.max(to, from + 1_000), left: begun - bars.length, imported };
}

type Run = Pick<TimelineBar, "row" | "state" | "from" | "to">;

/** The line of each of a worker's trials, given by start: the first line on which no other trial runs at that time. */
function linesOf(runs: readonly Run[]): number[] {
  const ends: number[] = [];
  return runs.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const line = free < 0 ? ends.length : free;
    ends[line] = to;
    return line;
  });
}
