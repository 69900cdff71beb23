import { createAuditTable } from "../store/cold/audit.ts";
import { createMemberTable } from "../store/cold/members.ts";
import { createProjectTable } from "../store/cold/projects.ts";
import { createTokenTable } from "../store/cold/tokens.ts";
import type { Log } from "../store/embedded/log.ts";
import type { Orm } from "../store/orm.ts";
import { type AuditTrail, createAuditTrail } from "./audit.ts";
import { type Authenticator, createAuthenticator } from "./authenticator.ts";
import { type Members, createMembers } from "./members.ts";
import { type GroupRole, type People, createPeople } from "./people.ts";
import { type Projects, createProjects } from "./projects.ts";
import type { ProviderOptions } from "./provider.ts";
import type { SessionTimes } from "./sessions.ts";
import { type SignIn, createSignIn } from "./sign-in.ts";
import { type Tokens, createTokens } from "./tokens.ts";
import { createUseLog } from "./use-log.ts";
import { type User, localIssuer } from "./users.ts";

export interface IdentityOptions {
  readonly orm: Orm;
  readonly log: Log;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** What groups of the identity provider stand for. @default nothing */
  readonly groupRoles?: readonly GroupRole[];
  /** @default none: people sign in by a link that the server prints */
  readonly provider?: ProviderOptions | undefined;
  readonly sessionTimes?: SessionTimes | undefined;
  /** How long a call goes on trying while the database is away, ms. @default 10000 */
  readonly deadlineMs?: number;
}

/** Who may call, and in the name of which project. */
export interface Identity
  extends Pick<Authenticator, "authenticate">, Tokens, Projects, Members, People, AuditTrail, SignIn {
  /** Whether any token was ever made. */
  hasTokens(): Promise<boolean>;
  /** Writes when tokens were last used now, rather than within the minute. */
  flush(): Promise<void>;
  /** Flushes and ends; the connection stays open. */
  stop(): Promise<void>;
}

export function createIdentity(options: IdentityOptions): Identity {
  const { orm, log, now = Date.now, groupRoles = [], deadlineMs = 10_000 } = options;
  const table = createTokenTable(orm, deadlineMs);
  const uses = createUseLog({ write: table.touch, log, now });
  const authenticator = createAuthenticator({ find: table.findByHash, used: uses.note, now });
  const members = createMemberTable(orm, deadlineMs);
  const { forget, ...people } = createPeople({ members, groupRoles, now });
  const projects = createProjects(createProjectTable(orm, deadlineMs), members, forget);

  async function welcome(user: User, username: string): Promise<void> {
    if (user.issuer === localIssuer) return void (await projects.adoptDefaultProject(user.id));
    const { id, displayName } = user;
    await projects.personalProject({ id, suggestedName: username, displayName });
    await people.applyGroups(id, user.groups);
  }

  return {
    authenticate: authenticator.authenticate,
    ...createTokens(table, authenticator.forget),
    ...projects,
    ...createMembers(members, forget),
    ...createAuditTrail(createAuditTable(orm, deadlineMs), log),
    ...people,
    ...createSignIn({
      orm,
      log,
      now,
      deadlineMs,
      provider: options.provider,
      times: options.sessionTimes ?? { lifetimeMs: 12 * hour, idleMs: 2 * hour, checkMs: hour / 4 },
      welcome,
    }),
    hasTokens: table.any,
    flush: uses.flush,
    stop: uses.stop,
  };
}

const hour = 3_600_000;

export type { Attempt, AuditEntry } from "./audit.ts";
export {
  IdentityError,
  type IdentityReason,
  PermissionError,
  ProjectNotFoundError,
  TokenError,
  type TokenErrorReason,
} from "./errors.ts";
export { StudyNotFoundError, TokenFieldError, TokenNotFoundError, UserNotFoundError } from "./errors.ts";
export { CrossOriginError, ProviderError, type ProviderFailure, SessionError } from "./errors.ts";
export type { Member } from "./members.ts";
export type { GroupRole } from "./people.ts";
export {
  type Access,
  type Need,
  type Principal,
  type ProjectKey,
  authorize,
  authorizeAnywhere,
} from "./principal.ts";
export { type Project, defaultProjectName } from "./projects.ts";
export type { ProviderOptions } from "./provider.ts";
export type { Session } from "./sessions.ts";
export {
  type Role,
  type Scope,
  covers,
  roles,
  roleFor,
  roleNumber,
  roleOf,
  scopeNumber,
  scopeOf,
  scopes,
} from "./scope.ts";
export type { NewToken, Token, TokenKind, TokenPage } from "./tokens.ts";
