import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { WorkerSchema, type Worker } from "@asktell/proto/asktell/v1/trial_service_pb";
import type { WorkerRecord } from "../store/hot/workers.ts";
import { trialName } from "./names.ts";

/** A worker as clients see it. */
export function wireWorker(project: string, record: WorkerRecord): Worker {
  const { worker, held, running, completed, pruned, failed, infeasible, streak, failure, heardAt } = record;
  return create(WorkerSchema, {
    worker,
    running: held.map((trial) => ({
      trial: trialName(project, trial.study, trial.number),
      startTime: timestampFromDate(trial.startedAt),
      leaseExpireTime: timestampFromDate(trial.leaseExpiresAt),
      lastSeenTime: timestampFromDate(trial.heardAt),
    })),
    runningCount: running,
    completedCount: completed,
    prunedCount: pruned,
    failedCount: failed,
    infeasibleCount: infeasible,
    failureStreak: streak,
    ...(failure === undefined
      ? {}
      : { failedTrial: trialName(project, failure.study, failure.number), failure: failure.text }),
    lastSeenTime: timestampFromDate(heardAt),
  });
}
