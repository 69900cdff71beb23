import type { PruneDecision } from "../optimizer/pruners/pruner.ts";
import type { Renewal, Report } from "../store/hot/report.ts";
import { curveOf } from "./curve-of.ts";
import type { StudyInfo } from "./directory.ts";
import { type Engine, withFreshStudy } from "./engine.ts";
import type { LiveStudy } from "./live-study.ts";
import { createProgressBook } from "./progress.ts";

/** How old a history may be when a pruner reads it, ms. */
const maxStalenessMs = 1_000;

/** Decides, from memory, whether running trials should stop. */
export interface PruningDesk {
  decide(study: StudyInfo, renewal: Renewal, measurement: Report["measurement"]): Promise<PruneDecision>;
}

const goOn: PruneDecision = { stop: false, reason: "" };

export function createPruningDesk(engine: Engine): PruningDesk {
  const book = createProgressBook(engine.store);
  /** When a study was last refreshed here. Asks refresh its history more often, but not what running trials have reported. */
  const refreshedAt = new WeakMap<LiveStudy, number>();

  /** Brings the history up to date, and shows the pruner what other replicas took of trials that run. */
  async function refresh(study: StudyInfo, live: LiveStudy): Promise<void> {
    await withFreshStudy(engine, study.id, async () => undefined);
    if (live.pruner.observe === undefined) return;
    for (const { number, progress } of await book.catchUp(study.id)) {
      if (!isPending(live, number)) continue;
      const curve = curveOf(progress.steps, progress.rows);
      if (curve.steps.length > 0) live.pruner.observe({ history: live.history, number, curve });
    }
  }

  return {
    async decide(study, renewal, measurement) {
      const live = await engine.studies.open(study.id);
      if (live.spec.pruner.kind === "none") return goOn;
      const known = await book.update(renewal, measurement);
      if (known.decision.stop || measurement === undefined) return known.decision;
      const now = performance.now();
      const last = refreshedAt.get(live);
      if (last === undefined || now - last > maxStalenessMs) {
        refreshedAt.set(live, now);
        const refreshed = refresh(study, live);
        // The first time there is nothing to decide from; later a report need not wait for the news.
        if (last === undefined) await refreshed;
        else
          refreshed.catch((error: unknown) =>
            engine.log.warn({ err: error, study: study.name }, "could not refresh a study"),
          );
      }
      if (!isPending(live, renewal.number)) return goOn;
      known.decision = live.pruner.decide({
        history: live.history,
        number: renewal.number,
        curve: curveOf(known.steps, known.rows),
      });
      return known.decision;
    },
  };
}

function isPending({ history }: LiveStudy, number: number): boolean {
  return number < history.size && history.outcome(number) === "pending";
}
