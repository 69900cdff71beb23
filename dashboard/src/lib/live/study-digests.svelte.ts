import { timestampMs } from "@bufbuild/protobuf/wkt";
import { SvelteMap } from "svelte/reactivity";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { trials } from "../api/clients.ts";
import type { BestSoFar } from "../data/best-so-far.ts";
import { targetsOf, type Target } from "../data/spec.ts";
import { COMPLETED } from "../data/trial-columns.ts";

/** What a row of the list shows beyond the study itself. */
export interface StudyDigest {
  /** The best value of a study with one objective. */
  readonly best: number | undefined;
  /** How the best value went, oldest first, over the newest trials. */
  readonly spark: readonly number[];
  /** When a trial last began or ended, in milliseconds since 1970. */
  readonly lastActivity: number | undefined;
}

const NEWEST = 500; // trials that a sparkline looks at
const AT_MOST_EVERY = 5_000; // ms for each study
const AFTER_FAILURE = 10_000; // ms on top
const AT_ONCE = 4; // requests

/** Fetches digests of the studies shown, each again only after the study has changed. */
export function createStudyDigests(shown: () => readonly Study[]) {
  const digests = new SvelteMap<string, StudyDigest>();
  const known = new Map<string, { revision: bigint; at: number }>();
  const queue = new Map<string, Study>();
  let running = 0;

  $effect(() => {
    for (const study of shown()) {
      const last = known.get(study.name);
      if (last?.revision !== study.revision && Date.now() - (last?.at ?? 0) > AT_MOST_EVERY)
        queue.set(study.name, study);
    }
    pump();
  });

  function pump(): void {
    for (const [name, study] of queue) {
      if (running >= AT_ONCE) return;
      queue.delete(name);
      running += 1;
      known.set(name, { revision: study.revision, at: Date.now() });
      void digest(study).finally(() => {
        running -= 1;
        pump();
      });
    }
  }

  async function digest(study: Study): Promise<void> {
    const paths = [
      "number",
      "state",
      "values",
      "violation",
      "create_time",
      "start_time",
      "end_time",
      "revision",
    ];
    try {
      const answer = await trials.listTrials({
        study: study.name,
        pageSize: NEWEST,
        orderBy: "number desc",
        readMask: { paths },
      });
      const target = targetsOf(study)[0];
      const times = answer.trials.flatMap(({ startTime, endTime }) =>
        [startTime, endTime].flatMap((time) => (time === undefined ? [] : [timestampMs(time)])),
      );
      const single = study.objectives.length <= 1 && target !== undefined;
      const steps = single ? improvements(answer.trials, target) : { rows: [], values: [] };
      digests.set(study.name, {
        best: single ? study.bestValues[0] : undefined,
        spark: spread(steps, answer.trials.length),
        lastActivity: times.length === 0 ? undefined : Math.max(...times),
      });
    } catch {
      // The row shows a dash; the list itself says when the server is away. Asked for again after a while.
      known.set(study.name, { revision: -1n, at: Date.now() + AFTER_FAILURE });
    }
  }

  return digests;
}

/** How the best value went over trials given newest first; rows count from the oldest of them. */
function improvements(trials: readonly Trial[], { sign }: Target): BestSoFar {
  const [rows, bests]: [number[], number[]] = [[], []];
  trials.toReversed().forEach(({ state, violation, values: [value = NaN] }, row) => {
    if (state !== COMPLETED || violation !== 0 || !Number.isFinite(value)) return;
    if (sign * value >= sign * (bests.at(-1) ?? sign * Infinity)) return;
    rows.push(row);
    bests.push(value);
  });
  return { rows, values: bests };
}

/** The steps read at 40 equal distances, so that the line's width is the number of trials. */
function spread(steps: BestSoFar, length: number): number[] {
  const first = steps.rows[0];
  if (first === undefined) return [];
  const points: number[] = [];
  let step = 0;
  for (let i = 0; i < 40; i++) {
    const row = first + ((length - 1 - first) * i) / 39;
    while (step + 1 < steps.rows.length && steps.rows[step + 1]! <= row) step += 1;
    points.push(steps.values[step]!);
  }
  return points;
}
