/** States as the tables hold them: the index in these lists is the smallint, and the number of asktell.v1's enums. */
export const trialStates = [
  "unspecified",
  "waiting",
  "running",
  "completed",
  "pruned",
  "failed",
  "infeasible",
] as const;

export type TrialState = Exclude<(typeof trialStates)[number], "unspecified">;

/** The states that a trial never leaves. */
export type TerminalState = Exclude<TrialState, "waiting" | "running">;

export const studyStates = ["unspecified", "active", "paused", "finished"] as const;

export type StudyState = Exclude<(typeof studyStates)[number], "unspecified">;

export const finishReasons = [
  "none",
  "requested",
  "max-trials",
  "max-duration",
  "target-reached",
  "no-improvement",
  "failures",
  "space-exhausted",
] as const;

export type FinishReason = (typeof finishReasons)[number];

/** The state of a trial from its smallint; throws on a number that no version has written. */
export function trialState(code: number): TrialState {
  const state = trialStates[code];
  if (state === undefined || state === "unspecified")
    throw new RangeError(`no trial state has the code ${code}`);
  return state;
}

/** The state of a study from its smallint; throws on a number that no version has written. */
export function studyState(code: number): StudyState {
  const state = studyStates[code];
  if (state === undefined || state === "unspecified")
    throw new RangeError(`no study state has the code ${code}`);
  return state;
}

/** The reason from its smallint; throws on a number that no version has written. */
export function finishReason(code: number): FinishReason {
  const reason = finishReasons[code];
  if (reason === undefined) throw new RangeError(`no finish reason has the code ${code}`);
  return reason;
}

/** Whether a trial in this state never changes state again. */
export function isTerminal(state: TrialState): state is TerminalState {
  return state !== "waiting" && state !== "running";
}
