import type { PruneDecision } from "../optimizer/pruners/pruner.ts";
import type { Renewal, Report } from "../store/hot/report.ts";
import type { Store } from "../store/store.ts";

/** The reports of one attempt, as far as this replica has seen them. */
export interface Progress {
  readonly attempt: number;
  /** How many reports went into it: another count at the store means that another replica took some. */
  readonly reports: number;
  /** Ascending. */
  readonly steps: readonly number[];
  /** One row of objective values a step. */
  readonly rows: readonly (readonly number[])[];
  /** Once a trial is told to stop, it stays told. */
  decision: PruneDecision;
}

interface Known extends Progress {
  reports: number;
  readonly steps: number[];
  readonly rows: (readonly number[])[];
}

/** A curve, and what it was counted as when it was kept last. */
interface Entry {
  readonly known: Known;
  readonly size: number;
}

/** The curves of running trials. A cache: whatever it lacks is read from the store. */
export interface ProgressBook {
  /** Takes in a report that was stored. */
  update(renewal: Renewal, measurement: Report["measurement"]): Promise<Progress>;
  /** Reads what other replicas have taken of a study's running trials; answers those that are news here. */
  catchUp(studyId: number): Promise<{ readonly number: number; readonly progress: Progress }[]>;
}

/** What is kept in memory, all studies together: curves of trials, each of which counts as so many reports besides its own, some 60 bytes each. */
const maxReports = 2_000_000;
const reportsOfCurve = 10;

/** Running trials of a study that are read in one go; the others come next time. */
const maxNews = 500;

const undecided: PruneDecision = { stop: false, reason: "" };

/** @param room - reports that are kept in memory @default 2,000,000, about 120 MB */
export function createProgressBook(store: Store, room = maxReports): ProgressBook {
  // A Map keeps the order of insertion, so its first entry is the least recently used one.
  const book = new Map<string, Entry>();
  let kept = 0;

  function drop(key: string): void {
    kept -= book.get(key)?.size ?? 0;
    book.delete(key);
  }

  function keep(key: string, known: Known): Known {
    drop(key);
    const size = reportsOfCurve + known.steps.length;
    book.set(key, { known, size });
    kept += size;
    for (const oldest of book.keys()) {
      if (kept <= room || oldest === key) break;
      drop(oldest);
    }
    return known;
  }

  async function read(studyId: number, number: number, attempt: number, reports: number): Promise<Known> {
    const key = `${studyId}/${number}`;
    const curve = await store.runningCurve(studyId, number, attempt);
    const known = book.get(key)?.known;
    return keep(key, {
      attempt,
      reports,
      steps: curve.map(({ step }) => step),
      rows: curve.map(({ values }) => values),
      decision: known?.attempt === attempt ? known.decision : undecided,
    });
  }

  return {
    async update({ studyId, number, attempt, reports }, measurement) {
      const key = `${studyId}/${number}`;
      const known = book.get(key)?.known;
      const isNext =
        known?.attempt === attempt && known.reports + (measurement === undefined ? 0 : 1) === reports;
      if (known === undefined || !isNext) return read(studyId, number, attempt, reports);
      if (measurement !== undefined) {
        known.reports = reports;
        insert(known, measurement.step, measurement.values);
      }
      return keep(key, known);
    },

    async catchUp(studyId) {
      const running = await store.runningReports(studyId);
      const news = running.filter(({ number, attempt, reports }) => {
        const known = book.get(`${studyId}/${number}`)?.known;
        return known === undefined || known.attempt !== attempt || known.reports < reports;
      });
      return Promise.all(
        news.slice(0, maxNews).map(async ({ number, attempt, reports }) => ({
          number,
          progress: await read(studyId, number, attempt, reports),
        })),
      );
    },
  };
}

/** Puts a report in its place by step; a repeated step replaces the earlier row. */
function insert({ steps, rows }: Known, step: number, row: readonly number[]): void {
  let at = steps.length;
  while (at > 0 && (steps[at - 1] ?? -1) >= step) at--;
  const isRepeat = steps[at] === step;
  steps.splice(at, isRepeat ? 1 : 0, step);
  rows.splice(at, isRepeat ? 1 : 0, row);
}
