import type { TrialDetail } from "../store/hot/trials.ts";
import { leaseToken } from "./lease-token.ts";

/** A trial as use cases answer it. */
export interface Trial extends TrialDetail {
  /** Given only to the worker that the trial is handed to. */
  readonly leaseToken: string;
}

/** A trial for anybody but its worker. */
export function withoutLease(trial: TrialDetail): Trial {
  return { ...trial, leaseToken: "" };
}

/** A trial for the worker of one of its attempts: its newest, unless an earlier answer is repeated. */
export function withLease(studyId: number, trial: TrialDetail, attempt: number = trial.attempt): Trial {
  return { ...trial, leaseToken: leaseToken(trial.number, attempt, studyId) };
}
