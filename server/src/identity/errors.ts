/** Why a token does not open the door; the names of asktell.v1.ErrorReason. */
export type TokenErrorReason = "TOKEN_INVALID" | "TOKEN_EXPIRED" | "TOKEN_REVOKED";

/** The caller is not known. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly reason: TokenErrorReason;

  constructor(reason: TokenErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The project has no such token. */
export class TokenNotFoundError extends Error {
  override readonly name = "TokenNotFoundError";
}

/** No such project, or none that the caller may know of. */
export class ProjectNotFoundError extends Error {
  override readonly name = "ProjectNotFoundError";
}

/** The caller is known, but may not do this. */
export class PermissionError extends Error {
  override readonly name = "PermissionError";
  readonly actor: "token" | "user" | "link";

  constructor(actor: "token" | "user" | "link", message: string) {
    super(message);
    this.actor = actor;
  }
}

/** Why a project or its members cannot be changed as asked; the names of asktell.v1.ErrorReason. */
export type IdentityReason =
  "PROJECT_EXISTS" | "PROJECT_NOT_EMPTY" | "PROJECT_NEEDED" | "MEMBER_NOT_FOUND" | "LAST_ADMIN";

/** A use case's refusal, by a cause. Nothing has been changed when it is thrown. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
  readonly reason: IdentityReason;

  constructor(reason: IdentityReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The project has no such study. */
export class StudyNotFoundError extends Error {
  override readonly name = "StudyNotFoundError";
}

/** Too many calls. */
export class RateLimitError extends Error {
  override readonly name = "RateLimitError";
  /** When calls are answered again, ms. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No such user. */
export class UserNotFoundError extends Error {
  override readonly name = "UserNotFoundError";
}

/** A field of a request about tokens, projects or members is not acceptable. */
export class TokenFieldError extends Error {
  override readonly name = "TokenFieldError";
  /** As the API names it, such as `token.display_name`. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The browser's session is over, or never was: the person must sign in again. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly reason = "SESSION_ENDED";

  constructor() {
    super("Your session has ended. Sign in again.");
  }
}

/** The call shows a browser's session, but the browser does not say that a page of this server sent it. */
export class CrossOriginError extends Error {
  override readonly name = "CrossOriginError";
}

/**
 * Why a sign-in at the identity provider came to nothing:
 * - `denied`: the person, or the provider on its own, said no.
 * - `refused`: what came back does not belong to this sign-in, or to the person that it should.
 * - `unreachable`: the provider does not answer, or not as one does.
 */
export type ProviderFailure = "denied" | "refused" | "unreachable";

/** The identity provider did not say who somebody is. The message is for the log. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly failure: ProviderFailure;
  /** Where the sign-in was to lead, if that is known. */
  next: string | undefined;

  constructor(failure: ProviderFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
