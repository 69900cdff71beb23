import type { Params } from "../optimizer/space/parameter.ts";
import { type Suggested, suggest } from "../optimizer/suggest.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import type { Speculation } from "./heavy/heavy.ts";
import type { LiveStudy } from "./live-study.ts";

/** A suggestion that is made before anybody has asked for it, and the history that it follows from. */
interface Prepared {
  readonly size: number;
  readonly ended: number;
  readonly epoch: number;
  isWanted: boolean;
  speculation?: Speculation<Suggested | "exhausted">;
}

/** By sampler, which is another object when the specification has changed or the study was loaded again. */
const prepared = new WeakMap<object, Prepared>();

/** Chooses the parameters of the study's next trial. Only inside the study's lock. */
export async function nextSuggestion(
  { heavy }: Engine,
  live: LiveStudy,
  fixed: Params,
): Promise<Suggested | "exhausted"> {
  const { space, history, sampler } = live;
  const options = optionsOf(live, fixed);
  if (!isHeavy(live)) return suggest({ space, history, sampler, ...options });
  const ready = prepared.get(sampler);
  const isReady = ready !== undefined && isFor(ready, live) && Object.keys(fixed).length === 0;
  if (isReady && ready.speculation?.hasBegun === true) {
    const suggested = await ready.speculation.result;
    if (suggested !== undefined) return suggested;
  }
  // What has not begun would wait behind other studies.
  if (ready !== undefined) ready.isWanted = false;
  return heavy.run(live, "suggest", options);
}

/**
 * Begins, when a result has come in, the suggestion that the next asker will want, so that the asker waits for less of it or for
 * nothing. It is what `nextSuggestion` would compute: the same function of the same history. Costs nothing where suggestions are quick.
 */
export function createPreparer(engine: Engine): (studyId: number) => void {
  /** Studies whose results have not been looked at yet. */
  const due = new Set<number>();

  async function prepare(studyId: number, opened: Promise<LiveStudy>): Promise<void> {
    if (!isHeavy(await opened)) return;
    await withFreshStudy(engine, studyId, async (live, clock) => {
      due.delete(studyId);
      const { running, waiting } = clock.counts;
      const hasRoom =
        running < (clock.maxRunning ?? Infinity) && live.history.size < (clock.maxTrials ?? Infinity);
      if (clock.state === "active" && waiting === 0 && hasRoom && isHeavy(live)) begin(live);
    });
  }

  function begin(live: LiveStudy): void {
    const { history, sampler } = live;
    const earlier = prepared.get(sampler);
    if (earlier !== undefined) {
      if (earlier.isWanted && isFor(earlier, live)) return;
      earlier.isWanted = false;
    }
    const { size, ended, epoch } = history;
    const entry: Prepared = { size, ended: ended.length, epoch, isWanted: true };
    prepared.set(sampler, entry);
    const isWanted = (): boolean => entry.isWanted && live.sampler === sampler && isFor(entry, live);
    entry.speculation = engine.heavy.speculate(live, "suggest", optionsOf(live, {}), isWanted);
  }

  return (studyId) => {
    const opened = engine.studies.peek(studyId);
    if (opened === undefined || due.has(studyId)) return;
    due.add(studyId);
    prepare(studyId, opened)
      .catch((error: unknown) => engine.log.warn({ err: error, studyId }, "could not prepare a suggestion"))
      .finally(() => due.delete(studyId));
  };
}

const isHeavy = ({ sampler, history }: LiveStudy): boolean =>
  sampler.isHeavy?.(history, history.size) ?? false;

const isFor = ({ size, ended, epoch }: Prepared, { history }: LiveStudy): boolean =>
  size === history.size && ended === history.ended.length && epoch === history.epoch;

const optionsOf = ({ history, spec }: LiveStudy, fixed: Params) => ({
  number: history.size,
  seed: spec.seed,
  fixed,
  replicates: spec.replicates,
  budget: spec.maxTrials,
});
