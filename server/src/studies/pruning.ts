import type { PruneDecision } from "../optimizer/pruners/pruner.ts";
import type { Renewal, Report } from "../store/hot/report.ts";
import type { StudyInfo } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";

/** How old a history may be when a pruner reads it, ms. */
const maxStalenessMs = 1_000;

/** Running trials whose reports are kept in memory, all studies together. Forgotten ones are read back when needed. */
const maxCurves = 50_000;

/** The reports of one attempt, as far as this replica has seen them. */
interface Progress {
  readonly attempt: number;
  /** How many reports went into it: another count at the store means that another replica took some. */
  reports: number;
  readonly steps: number[];
  readonly values: number[];
  /** Once a trial is told to stop, it stays told. */
  decision: PruneDecision;
}

/** Decides, from memory, whether running trials should stop. */
export interface PruningDesk {
  decide(study: StudyInfo, renewal: Renewal, measurement: Report["measurement"]): Promise<PruneDecision>;
}

const goOn: PruneDecision = { stop: false, reason: "" };

export function createPruningDesk(engine: Engine): PruningDesk {
  const progress = new Map<string, Progress>();

  async function update(renewal: Renewal, measurement: Report["measurement"]): Promise<Progress> {
    const key = `${renewal.studyId}/${renewal.number}`;
    let known = progress.get(key);
    const isNext =
      known?.attempt === renewal.attempt &&
      known.reports + (measurement === undefined ? 0 : 1) === renewal.reports;
    if (known === undefined || !isNext) {
      const curve = await engine.store.runningCurve(renewal.studyId, renewal.number, renewal.attempt);
      known = {
        attempt: renewal.attempt,
        reports: renewal.reports,
        steps: curve.map(({ step }) => step),
        values: curve.map(({ values }) => values[0] ?? NaN),
        decision: known?.attempt === renewal.attempt ? known.decision : goOn,
      };
    } else if (measurement !== undefined) {
      known.reports = renewal.reports;
      insert(known, measurement.step, measurement.values[0] ?? NaN);
    }
    progress.delete(key);
    progress.set(key, known);
    for (const oldest of progress.keys()) {
      if (progress.size <= maxCurves) break;
      progress.delete(oldest);
    }
    return known;
  }

  return {
    async decide(study, renewal, measurement) {
      const live = await engine.studies.open(study.id);
      // A step of several objectives has no one order to compare by.
      if (live.spec.pruner.kind === "none" || live.spec.objectives.length > 1) return goOn;
      const known = await update(renewal, measurement);
      if (known.decision.stop || measurement === undefined) return known.decision;
      const age = performance.now() - live.refreshedAt;
      if (age > maxStalenessMs) {
        const refreshed = withFreshStudy(engine, study.id, async () => undefined);
        // The first time there is nothing to decide from; later a report need not wait for the news.
        if (age === Infinity) await refreshed;
        else
          refreshed.catch((error: unknown) =>
            engine.log.warn({ error, study: study.name }, "could not refresh a study"),
          );
      }
      if (renewal.number >= live.history.size || live.history.outcome(renewal.number) !== "pending")
        return goOn;
      known.decision = live.pruner.decide({
        history: live.history,
        number: renewal.number,
        curve: { steps: known.steps, values: known.values },
      });
      return known.decision;
    },
  };
}

/** Puts a report in its place by step; a repeated step replaces the earlier value. */
function insert({ steps, values }: Progress, step: number, value: number): void {
  let at = steps.length;
  while (at > 0 && (steps[at - 1] ?? -1) >= step) at--;
  const isRepeat = steps[at] === step;
  steps.splice(at, isRepeat ? 1 : 0, step);
  values.splice(at, isRepeat ? 1 : 0, value);
}
