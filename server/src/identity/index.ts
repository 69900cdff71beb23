import { createProjectTable } from "../store/cold/projects.ts";
import { createTokenTable } from "../store/cold/tokens.ts";
import type { Log } from "../store/embedded/log.ts";
import type { Orm } from "../store/orm.ts";
import { type Authenticator, createAuthenticator } from "./authenticator.ts";
import { type Projects, createProjects } from "./projects.ts";
import { type Tokens, createTokens } from "./tokens.ts";
import { createUseLog } from "./use-log.ts";

export interface IdentityOptions {
  readonly orm: Orm;
  readonly log: Log;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** How long a call goes on trying while the database is away, ms. @default 10000 */
  readonly deadlineMs?: number;
}

/** Who may call, and in the name of which project. */
export interface Identity extends Pick<Authenticator, "authenticate">, Tokens, Projects {
  /** Whether any token was ever made. */
  hasTokens(): Promise<boolean>;
  /** Writes when tokens were last used now, rather than within the minute. */
  flush(): Promise<void>;
  /** Flushes and ends; the connection stays open. */
  stop(): Promise<void>;
}

export function createIdentity(options: IdentityOptions): Identity {
  const { orm, log, now = Date.now, deadlineMs = 10_000 } = options;
  const table = createTokenTable(orm, deadlineMs);
  const uses = createUseLog({ write: table.touch, log, now });
  const authenticator = createAuthenticator({ find: table.findByHash, used: uses.note, now });
  return {
    authenticate: authenticator.authenticate,
    ...createTokens(table, authenticator.forget),
    ...createProjects(createProjectTable(orm, deadlineMs)),
    hasTokens: table.any,
    flush: uses.flush,
    stop: uses.stop,
  };
}

export type { Principal } from "./authenticator.ts";
export { ProjectNotFoundError, TokenError, type TokenErrorReason } from "./errors.ts";
export { TokenFieldError, TokenNotFoundError } from "./errors.ts";
export { type Project, defaultProjectName } from "./projects.ts";
export { type Scope, covers, scopes } from "./scope.ts";
export type { NewToken, Token, TokenPage } from "./tokens.ts";
