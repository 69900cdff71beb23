import { ConfigError } from "../config/read-config.ts";
import { ProjectNotFoundError, TokenFieldError, TokenNotFoundError } from "../identity/index.ts";
import { SchemaTooNewError } from "../store/migrate.ts";
import { StoreUnavailableError } from "../store/retry.ts";
import { CommandError } from "./command-error.ts";

/** Errors whose message says all that a user can use. */
const foreseen = [
  CommandError,
  ConfigError,
  ProjectNotFoundError,
  SchemaTooNewError,
  StoreUnavailableError,
  TokenNotFoundError,
];

/** What to print for a command that failed: a sentence for what can be expected, a stack for what cannot. */
export function describeFailure(error: unknown): string {
  if (error instanceof TokenFieldError) return `asktell: the ${error.field} ${error.message}.`;
  if (!(error instanceof Error)) return `asktell: ${String(error)}`;
  const isForeseen = foreseen.some((kind) => error instanceof kind) || isOfSystem(error);
  return `asktell: ${isForeseen ? error.message : (error.stack ?? error.message)}`;
}

/** Of the operating system (ENOSPC) or of PostgreSQL (SQLSTATE): the cause is outside. */
const isOfSystem = (error: Error) => "code" in error && /^(E[A-Z]+|[0-9A-Z]{5})$/.test(String(error.code));
