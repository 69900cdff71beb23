import { AuthorizationResponseError, ClientError, ResponseBodyError } from "openid-client";
import { ProviderError, type ProviderFailure } from "./errors.ts";

/** Errors of OAuth and OpenID by which a provider says that it, not the person, is the reason (RFC 6749, 4.1.2.1). */
const providersOwn = new Set(["server_error", "temporarily_unavailable"]);

/** Codes of openid-client for answers that never came, or that no provider gives. */
const noAnswer = new Set(["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_PARSE_ERROR", "OAUTH_RESPONSE_IS_NOT_JSON"]);

/**
 * What an exception of openid-client means for the person who waits. The texts hold codes and never an address, for that
 * may hold a secret.
 *
 * @param otherwise - the meaning of what is not known
 */
export function explainProviderError(error: unknown, otherwise: ProviderFailure): ProviderError {
  const wrap = (failure: ProviderFailure, text: string) => new ProviderError(failure, text, { cause: error });
  if (error instanceof AuthorizationResponseError) {
    return wrap(
      providersOwn.has(error.error) ? "unreachable" : "denied",
      `the provider answered ${error.error}`,
    );
  }
  if (error instanceof ResponseBodyError) {
    const isAway = error.status >= 500 || providersOwn.has(error.error);
    return wrap(isAway ? "unreachable" : "refused", `the provider answered ${error.status} ${error.error}`);
  }
  if (error instanceof ClientError) {
    const code = error.code ?? "no code";
    const isAway = noAnswer.has(code) || statusOf(error.cause) >= 500;
    return wrap(isAway ? "unreachable" : otherwise, `${error.message} (${code})`);
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if (error instanceof TypeError) return wrap("unreachable", code ?? error.message);
  return wrap(otherwise, error instanceof Error ? error.message : String(error));
}

/** Of an answer that is no success and whose body says nothing. */
function statusOf(cause: unknown): number {
  return cause instanceof Response ? cause.status : 0;
}
