import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { trials } from "../api/clients.ts";
import type { Problem } from "../api/problem.ts";
import { curveOf, type Curve } from "../data/curves.ts";
import { RUNNING, type TrialColumns } from "../data/trial-columns.ts";
import { pollReporting } from "./poll-reporting.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const RECENT = 40; // trials besides the running ones and the best
const pace = { every: 2_000 }; // ms
const paths = ["number", "state", "measurements"];

/**
 * The learning curves of the running and the newest trials, of the best one and of one more. Reports do not come by the stream:
 * they are asked for.
 */
export function createCurves(
  source: () => StudyFeed,
  objective: () => number,
  best: () => number,
  also: () => number = () => -1,
) {
  const feed = $derived(source());
  let loaded = $state.raw<ReadonlyMap<number, Trial>>(new Map());
  let known = $state(false);
  let problem = $state.raw<Problem>();
  // Curves of ended trials do not change any more.
  const settled = new Map<number, Trial>();
  /** What has come and is not published yet. */
  let pending = new Map<number, Trial>();

  const name = $derived(feed.study?.name);
  /** When the study was created, in milliseconds since 1970: one of the same name that was made anew has other trials. */
  const created = $derived(feed.study?.createTime === undefined ? 0 : timestampMs(feed.study.createTime));
  let of = 0;
  const complete = $derived(feed.loading === undefined);
  const wanted = $derived([best(), also()]);

  $effect(() => {
    const study = name;
    if (study === undefined || !complete) return;
    void wanted;
    if (created !== of) {
      of = created;
      settled.clear();
      pending.clear();
      loaded = new Map();
      known = false;
    }
    const { stop } = pollReporting(
      async (signal) => {
        // Not tracked. The columns are read as they are then.
        const missing = wantedRows(feed.columns, wanted).filter((row) => !settled.has(row));
        for (const filter of filtersFor(missing, feed.columns)) {
          for (const trial of await page(study, filter, signal)) {
            if (trial.state > RUNNING) settled.set(trial.number, trial);
            merge(trial);
          }
        }
        known = true;
      },
      (found) => (problem = found),
      pace,
    );
    return stop;
  });

  function merge(trial: Trial): void {
    if (pending.size === 0) queueMicrotask(publish);
    pending.set(trial.number, trial);
  }
  function publish(): void {
    const kept = new Set(wantedRows(feed.columns, wanted));
    loaded = new Map([...loaded, ...pending].filter(([row]) => kept.has(row)));
    for (const row of settled.keys()) if (!kept.has(row)) settled.delete(row);
    pending = new Map();
  }

  async function page(study: string, filter: string, signal: AbortSignal): Promise<Trial[]> {
    const answer = await trials.listTrials(
      { study, filter, pageSize: 1_000, readMask: { paths } },
      { signal },
    );
    return answer.trials;
  }

  const curves = $derived.by((): readonly Curve[] => {
    const shown = new Set(wantedRows(feed.columns, wanted));
    return [...loaded.values()].flatMap((trial) => {
      if (!shown.has(trial.number)) return [];
      // The stream knows sooner than the last question how a trial ended.
      const state = feed.columns.state[trial.number] ?? trial.state;
      const curve = curveOf({ ...trial, state }, objective());
      return curve === undefined ? [] : [curve];
    });
  });

  return {
    get all() {
      return curves;
    },
    /** Whether the first answer has come. */
    get known() {
      return known;
    },
    get problem() {
      return problem;
    },
  };
}

/** Filters that name these trials; each is shorter than the 2,000 characters that the server reads. */
function filtersFor(rows: readonly number[], columns: TrialColumns): string[] {
  const ended = rows.filter((row) => columns.state[row] !== RUNNING);
  const filters = ended.length < rows.length ? ["state = RUNNING"] : [];
  for (let i = 0; i < ended.length; i += 80)
    filters.push(
      ended
        .slice(i, i + 80)
        .map((row) => `number = ${row}`)
        .join(" OR "),
    );
  return filters;
}

/** The running trials (at most 200), the newest that ended, and the special ones. */
function wantedRows(columns: TrialColumns, special: readonly number[]): number[] {
  const rows = new Set<number>(special.filter((row) => row >= 0));
  let recent = 0;
  let running = 0;
  for (let row = columns.length - 1; row >= 0; row--) {
    const state = columns.state[row]!;
    if (state === RUNNING && running < 200) {
      rows.add(row);
      running += 1;
    } else if (state > RUNNING && recent < RECENT) {
      rows.add(row);
      recent += 1;
    }
    if (recent >= RECENT && row < columns.length - 5_000) break;
  }
  return [...rows];
}
