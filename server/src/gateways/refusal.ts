import type { TokenErrorReason } from "../identity/index.ts";
import { PermissionError, ProjectNotFoundError, RateLimitError, TokenError } from "../identity/index.ts";
import { StoreUnavailableError, classify } from "../store/retry.ts";
import { type ErrorReason, StudyError } from "../studies/errors.ts";

/** One thing that is wrong with a request, in FastAPI's form. */
export interface Fault {
  /** Where, as `["query", "trial_id"]`. */
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** A request that a gateway answers with an error, in the shape that FastAPI gave the systems it stands in for. */
export class GatewayRefusal extends Error {
  override readonly name = "GatewayRefusal";
  readonly status: number;
  readonly detail: string | readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string | readonly Fault[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof detail === "string" ? detail : detail.map(({ msg }) => msg).join("; "));
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** A request whose content is not acceptable. */
export const unprocessable = (detail: string | readonly Fault[]): GatewayRefusal =>
  new GatewayRefusal(422, detail);

const statuses: Record<ErrorReason | TokenErrorReason, number> = {
  INVALID_REQUEST: 422,
  PARAMETER_OUT_OF_DOMAIN: 422,
  METRIC_MISSING: 422,
  STUDY_NOT_FOUND: 404,
  TRIAL_NOT_FOUND: 404,
  STUDY_EXISTS: 409,
  SPACE_MISMATCH: 409,
  STUDY_FINISHED: 409,
  BUDGET_EXHAUSTED: 409,
  LIMIT_REACHED: 409,
  TOKEN_ASKS_SPENT: 403,
  LEASE_LOST: 409,
  LEASE_REQUIRED: 409,
  TRIAL_ALREADY_TERMINAL: 409,
  TRIAL_STATE: 409,
  REQUEST_ID_REUSED: 409,
  STUDY_NOT_EMPTY: 409,
  ETAG_MISMATCH: 409,
  OVERLOADED: 503,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_REVOKED: 401,
};

/** What use cases throw, as these clients see it; undefined for what nobody foresaw. */
export function toRefusal(error: unknown): GatewayRefusal | undefined {
  if (error instanceof GatewayRefusal) return error;
  if (error instanceof StudyError) {
    const { reason, message, retryAfterMs } = error;
    return new GatewayRefusal(statuses[reason], message, retryAfter(retryAfterMs));
  }
  if (error instanceof TokenError) {
    return new GatewayRefusal(statuses[error.reason], error.message, { "www-authenticate": "Bearer" });
  }
  if (error instanceof RateLimitError) {
    return new GatewayRefusal(429, error.message, retryAfter(error.retryAfterMs));
  }
  if (error instanceof PermissionError) return new GatewayRefusal(403, error.message);
  if (error instanceof ProjectNotFoundError) return new GatewayRefusal(404, error.message);
  if (error instanceof StoreUnavailableError || classify(error) === "statement-timeout") {
    return new GatewayRefusal(
      503,
      "the database cannot be reached at the moment: try again",
      retryAfter(1_000),
    );
  }
  return undefined;
}

export function retryAfter(ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(ms / 1_000))) };
}
