import { Code } from "@connectrpc/connect";
import type { IdentityReason, TokenErrorReason } from "../identity/index.ts";
import type { ErrorReason } from "../studies/errors.ts";

/** A cause as asktell.v1.ErrorReason names it. */
export type Reason =
  | ErrorReason
  | TokenErrorReason
  | "TOKEN_SCOPE"
  | "SESSION_ENDED"
  | "CROSS_ORIGIN"
  | "TOKEN_NOT_FOUND"
  | IdentityReason
  | "PROJECT_NOT_FOUND"
  | "RATE_LIMITED"
  | "ROLE"
  | "STORE_UNAVAILABLE"
  | "PAYLOAD_TOO_LARGE"
  | "DEADLINE_EXCEEDED"
  | "NO_SUCH_METHOD"
  | "GOING_DOWN"
  | "INTERNAL";

/** The status that each cause is answered with. */
export const codeOf: Record<Reason, Code> = {
  INVALID_REQUEST: Code.InvalidArgument,
  PARAMETER_OUT_OF_DOMAIN: Code.InvalidArgument,
  METRIC_MISSING: Code.InvalidArgument,
  REQUEST_ID_REUSED: Code.InvalidArgument,
  STUDY_NOT_FOUND: Code.NotFound,
  TRIAL_NOT_FOUND: Code.NotFound,
  TOKEN_NOT_FOUND: Code.NotFound,
  PROJECT_NOT_FOUND: Code.NotFound,
  MEMBER_NOT_FOUND: Code.NotFound,
  PROJECT_EXISTS: Code.AlreadyExists,
  PROJECT_NOT_EMPTY: Code.FailedPrecondition,
  PROJECT_NEEDED: Code.FailedPrecondition,
  LAST_ADMIN: Code.FailedPrecondition,
  STUDY_EXISTS: Code.AlreadyExists,
  SPACE_MISMATCH: Code.FailedPrecondition,
  STUDY_FINISHED: Code.FailedPrecondition,
  BUDGET_EXHAUSTED: Code.FailedPrecondition,
  LIMIT_REACHED: Code.FailedPrecondition,
  TOKEN_ASKS_SPENT: Code.FailedPrecondition,
  LEASE_REQUIRED: Code.FailedPrecondition,
  TRIAL_ALREADY_TERMINAL: Code.FailedPrecondition,
  TRIAL_STATE: Code.FailedPrecondition,
  STUDY_NOT_EMPTY: Code.FailedPrecondition,
  LEASE_LOST: Code.Aborted,
  ETAG_MISMATCH: Code.Aborted,
  TOKEN_INVALID: Code.Unauthenticated,
  TOKEN_EXPIRED: Code.Unauthenticated,
  TOKEN_REVOKED: Code.Unauthenticated,
  TOKEN_SCOPE: Code.PermissionDenied,
  ROLE: Code.PermissionDenied,
  SESSION_ENDED: Code.Unauthenticated,
  CROSS_ORIGIN: Code.PermissionDenied,
  RATE_LIMITED: Code.ResourceExhausted,
  OVERLOADED: Code.ResourceExhausted,
  PAYLOAD_TOO_LARGE: Code.ResourceExhausted,
  STORE_UNAVAILABLE: Code.Unavailable,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  NO_SUCH_METHOD: Code.Unimplemented,
  GOING_DOWN: Code.Unavailable,
  INTERNAL: Code.Internal,
};
