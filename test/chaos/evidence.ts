import type { ExportStudyResponse } from "@asktell/proto/asktell/v1/study_service_pb";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import type { WorkerEvent } from "./events.ts";
import type { LostAnswer } from "./lossy-proxy.ts";
import type { Sample } from "./observer.ts";

/** A row of the trial table. */
export interface TrialRow {
  readonly number: number;
  readonly state: number;
  readonly attempt: number;
  readonly seq: number;
  readonly end_seq: number;
  readonly history_seq: number;
  readonly values: readonly number[];
  readonly tell_key: string | null;
  readonly tell_attempt: number | null;
  readonly curve_steps: readonly number[] | null;
  readonly curve_values: readonly (readonly number[])[] | null;
  readonly ended_at: Date | null;
  readonly failure: string;
}

export interface LateRow {
  readonly number: number;
  readonly attempt: number;
  readonly values: readonly number[];
}

/** The study's tables after the storm. */
export interface Tables {
  readonly trials: readonly TrialRow[];
  readonly late: readonly LateRow[];
  /** Numbers that still have a lease. */
  readonly leases: readonly number[];
  /** Numbers that still have reports outside of their curve. */
  readonly reports: readonly number[];
  readonly clock: {
    readonly state: number;
    readonly finish_reason: number;
    readonly next_number: number;
    readonly change_seq: number;
    readonly counters: readonly number[];
  };
}

/** Everything that was seen of a storm. */
export interface Evidence {
  readonly maxTrials: number;
  readonly maxRunning: number;
  readonly events: readonly WorkerEvent[];
  readonly lost: readonly LostAnswer[];
  readonly answered: number;
  readonly samples: readonly Sample[];
  readonly tables: Tables;
  /** The study as the API exports it. */
  readonly exported: readonly ExportStudyResponse[];
  readonly watched: {
    readonly problems: readonly string[];
    readonly resumed: number;
    readonly trials: ReadonlyMap<number, Trial>;
  };
  readonly replicaKills: number;
  readonly databaseKills: number;
  /** Names of the workers that were killed for good. */
  readonly killedWorkers: readonly string[];
  /** What the replicas logged as errors. */
  readonly errors: readonly string[];
  /** Whether the study finished within the time given. */
  readonly inTime: boolean;
}

/** What happened to a trial, for people who look for the cause of a broken promise. */
export function historyOf({ events, tables }: Evidence, number: number): string {
  const lines = events.flatMap((event) => {
    if (event.kind === "asked") {
      return event.trials.flatMap((trial) =>
        trial.number === number
          ? [
              `${event.answeredAt} ${event.worker} got attempt ${trial.attempt} (request ${event.requestId}), lease to ${trial.leaseExpiresAt ?? "?"}`,
            ]
          : [],
      );
    }
    if ((event.kind !== "reported" && event.kind !== "told") || event.number !== number) return [];
    const what =
      event.kind === "reported"
        ? `reported step ${event.step}: ${event.stop || "go on"}, lease to ${event.leaseExpiresAt ?? "none"}, sent ${event.sentAt}`
        : `told ${event.state} [${event.values.join()}]: ${event.refusal || "accepted"} (request ${event.requestId})`;
    return [`${event.answeredAt} ${event.worker} attempt ${event.attempt} ${what}`];
  });
  const row = tables.trials.find((trial) => trial.number === number);
  return [`trial ${number}:`, ...lines.toSorted(), `row: ${JSON.stringify(row)}`].join("\n    ");
}
