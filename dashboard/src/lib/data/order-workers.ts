import { compareNumbers } from "./compare-numbers.ts";
import type { WorkerMood, WorkerRecord } from "./workers.ts";

/** The columns of a study's workers that they can be sorted by. */
export type WorkerKey = "name" | "mood" | "running" | "seen" | "lease" | "ended" | "failed" | "typical";

const urgency: Readonly<Record<WorkerMood, number>> = { failing: 3, silent: 2, working: 1, idle: 0 };

const measures: Readonly<Record<Exclude<WorkerKey, "name">, (worker: WorkerRecord) => number>> = {
  mood: ({ mood }) => urgency[mood],
  running: ({ running }) => running.length,
  seen: ({ seen }) => seen,
  lease: ({ leaseEnds }) => leaseEnds,
  ended: ({ ended }) => ended,
  failed: ({ failed, ended }) => (ended === 0 ? NaN : failed / ended),
  typical: ({ typical }) => typical,
};

/** The workers sorted, equals by name; what has no value comes last in either direction. */
export function orderWorkers(
  workers: readonly WorkerRecord[],
  key: WorkerKey,
  down: boolean,
): WorkerRecord[] {
  const direction = down ? -1 : 1;
  const byName = (a: WorkerRecord, b: WorkerRecord): number =>
    a.name.localeCompare(b.name, undefined, { numeric: true });
  if (key === "name") return workers.toSorted((a, b) => direction * byName(a, b));
  const measure = measures[key];
  return workers.toSorted((a, b) => compareNumbers(measure(a), measure(b), direction) || byName(a, b));
}

/** The column that an address names: any other than those above is taken for the name. */
export const workerKey = (text: string): WorkerKey =>
  Object.hasOwn(measures, text) ? (text as WorkerKey) : "name";
