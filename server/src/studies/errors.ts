/** The causes that an error can name: asktell.v1.ErrorReason without its prefix. */
export type ErrorReason =
  | "INVALID_REQUEST"
  | "STUDY_NOT_FOUND"
  | "TRIAL_NOT_FOUND"
  | "STUDY_EXISTS"
  | "SPACE_MISMATCH"
  | "STUDY_FINISHED"
  | "BUDGET_EXHAUSTED"
  | "LIMIT_REACHED"
  | "LEASE_LOST"
  | "LEASE_REQUIRED"
  | "TRIAL_ALREADY_TERMINAL"
  | "REQUEST_ID_REUSED"
  | "PARAMETER_OUT_OF_DOMAIN"
  | "METRIC_MISSING"
  | "STUDY_NOT_EMPTY"
  | "ETAG_MISMATCH"
  | "OVERLOADED"
  | "TRIAL_STATE"
  | "TOKEN_ASKS_SPENT";

/** One field that is not acceptable. */
export interface FieldProblem {
  /** Path as in the API, such as `study.parameters[2].real.low`. */
  readonly field: string;
  /** The value found, and what is accepted. */
  readonly description: string;
}

export interface StudyErrorOptions {
  readonly problems?: readonly FieldProblem[];
  /** Facts for programs, such as the stored values of a trial that has ended. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** When it makes sense to try again, ms. */
  readonly retryAfterMs?: number;
}

/** A use case's refusal, with a cause that every protocol maps once. Nothing has been changed when it is thrown. */
export class StudyError extends Error {
  override readonly name = "StudyError";
  readonly reason: ErrorReason;
  readonly problems: readonly FieldProblem[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(reason: ErrorReason, message: string, options: StudyErrorOptions = {}) {
    super(message);
    this.reason = reason;
    this.problems = options.problems ?? [];
    this.metadata = options.metadata ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The refusal of a request by its fields; the message names the first. */
export function invalid(
  problems: readonly FieldProblem[],
  reason: "INVALID_REQUEST" | "PARAMETER_OUT_OF_DOMAIN" | "METRIC_MISSING" = "INVALID_REQUEST",
): StudyError {
  const [first, ...rest] = problems;
  const more = rest.length === 0 ? "" : ` (and ${rest.length} more)`;
  return new StudyError(reason, `${first?.field}: ${first?.description}${more}`, { problems });
}
