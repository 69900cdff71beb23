import type { Metrics } from "../store/hot/metrics.ts";
import type { Renewal, Report } from "../store/hot/report.ts";
import { isTerminal } from "../store/states.ts";
import { createCoalescer } from "./coalescer.ts";
import type { StudyInfo, StudyRef } from "./directory.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import { attemptOf } from "./lease-token.ts";
import type { PruningDesk } from "./pruning.ts";
import { leaseRequired } from "./explain-tell.ts";
import { ifLiving } from "./study.ts";
import { objectiveValues } from "./values.ts";

export interface ReportOptions {
  readonly number: number;
  /** Empty when the worker sent none. */
  readonly leaseToken: string;
  readonly step: number;
  readonly values: readonly number[];
  readonly metrics: Metrics;
}

/** Why a worker should stop a trial: asktell.v1.StopReason. */
export type StopReason = "pruned" | "study-finished" | "lease-lost" | "trial-ended";

export interface ReportAnswer {
  /** Undefined: go on. */
  readonly stop: StopReason | undefined;
  /** The reason for people. */
  readonly message: string;
  /** Undefined when the lease is lost. */
  readonly leaseExpiresAt: Date | undefined;
}

export interface Reports {
  /** Stores an intermediate result, renews the lease, and says whether to go on. */
  report(ref: StudyRef, options: ReportOptions): Promise<ReportAnswer>;
  /** Renews a lease without reporting. */
  renew(ref: StudyRef, number: number, leaseToken: string): Promise<ReportAnswer>;
}

/** How often a trial whose lease has ended is looked at again, since its last worker gets it back if nothing but a change at that moment was in the way. */
const maxRounds = 3;

/** All reports of this replica, whatever their studies, become one statement a turn. */
export function createReports(engine: Engine, desk: PruningDesk): Reports {
  const send = createCoalescer<Report, Renewal | undefined>({
    run: (reports) => engine.store.report(reports),
    keyOf: ({ studyId, number }) => `${studyId}/${number}`,
    maxItems: 1_000,
    // Both commits share a flush to disk.
    maxInFlight: 2,
    minShare: 32,
    maxWaiting: 50_000,
  });

  async function deliver(study: StudyInfo, report: Report): Promise<ReportAnswer> {
    let renewal: Renewal | ReportAnswer | undefined = await send(report);
    for (let round = 0; renewal === undefined && round < maxRounds; round++)
      renewal = await recover(study, report);
    if (renewal === undefined || "stop" in renewal) return renewal ?? lost(report.number);
    const { leaseExpiresAt } = renewal;
    if (renewal.studyState === "finished") {
      return { stop: "study-finished", message: "the study has finished", leaseExpiresAt };
    }
    const decision = await desk.decide(study, renewal, report.measurement);
    return decision.stop
      ? { stop: "pruned", message: decision.reason, leaseExpiresAt }
      : { stop: undefined, message: "", leaseExpiresAt };
  }

  /**
   * A report that found no lease: the trial has ended, has another worker, or waits, in which case its last worker gets it back. Undefined when
   * that came to nothing: the study may have no room, or the trial has changed at that very moment.
   */
  async function recover(study: StudyInfo, report: Report): Promise<Renewal | ReportAnswer | undefined> {
    const [trial] = await ifLiving(engine.store, study, engine.store.readTrials(study.id, [report.number]));
    if (trial === undefined)
      throw new StudyError("TRIAL_NOT_FOUND", `${study.name} has no trial ${report.number}`);
    if (isTerminal(trial.state)) {
      return {
        stop: "trial-ended",
        message: `the trial has ended: it is ${trial.state}`,
        leaseExpiresAt: undefined,
      };
    }
    const attempt = report.attempt ?? 1;
    if (
      trial.attempt === 0 ||
      attempt > trial.attempt ||
      (report.attempt === undefined && trial.attempt > 1)
    ) {
      throw leaseRequired(trial, report.attempt);
    }
    if (attempt < trial.attempt) return lost(report.number);
    if (trial.state === "waiting") {
      const { spec } = await engine.studies.open(study.id);
      await engine.store.reclaimLease(study.id, report.number, report.attempt, spec.leaseSeconds);
      engine.signals.notify(study.id);
    }
    return send(report);
  }

  return {
    report: (ref, options) =>
      engine.directory.withStudy(ref, async (study) => {
        const { number, step, metrics } = options;
        const attempt = attemptOf(options.leaseToken, number, study);
        const values = objectiveValues(study.spec.objectives, options, true);
        return deliver(study, { studyId: study.id, number, attempt, measurement: { step, values, metrics } });
      }),
    renew: (ref, number, leaseToken) =>
      engine.directory.withStudy(ref, (study) =>
        deliver(study, {
          studyId: study.id,
          number,
          attempt: attemptOf(leaseToken, number, study),
          measurement: undefined,
        }),
      ),
  };
}

function lost(number: number): ReportAnswer {
  return {
    stop: "lease-lost",
    message: `the lease of trial ${number} has ended, and another worker has the trial or gets it`,
    leaseExpiresAt: undefined,
  };
}
