import { FAILED, RUNNING, WAITING, type TrialColumns } from "./trial-columns.ts";

/** One trial on its worker. */
export interface TimelineBar {
  readonly row: number;
  readonly lane: number;
  readonly state: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Who worked on what, and when. */
export interface Timeline {
  /** One lane each, the busiest of late first. */
  readonly workers: readonly { readonly name: string; readonly trials: number; readonly failed: number }[];
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
  const lanes = new Map(chosen.map(([index], lane) => [index, lane]));
  const bars: TimelineBar[] = [];
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows.reverse()) {
    const lane = lanes.get(columns.worker[row]!);
    if (lane === undefined) continue;
    const state = columns.state[row]!;
    const end = state === RUNNING || Number.isNaN(columns.ended[row]!) ? now : columns.ended[row]!;
    const bar = { row, lane, state, from: columns.started[row]!, to: Math.max(end, columns.started[row]!) };
    bars.push(bar);
    from = Math.min(from, bar.from);
    to = Math.max(to, bar.to);
  }
  if (bars.length === 0) [from, to] = [now - 60_000, now];
  return {
    workers: chosen.map(([index, { trials, failed }]) => ({ name: nameOf(index), trials, failed })),
    bars,
    from,
    to: Math.max(to, from + 1_000),
    left: begun - bars.length,
    imported,
  };
}
