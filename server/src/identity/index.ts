import { createAuditTable } from "../store/cold/audit.ts";
import { createMemberTable } from "../store/cold/members.ts";
import { createProjectTable } from "../store/cold/projects.ts";
import { createTokenTable } from "../store/cold/tokens.ts";
import type { Log } from "../store/embedded/log.ts";
import type { Orm } from "../store/orm.ts";
import { type AuditTrail, createAuditTrail } from "./audit.ts";
import { startAuditSweep } from "./audit-sweep.ts";
import { createAuthenticator } from "./authenticator.ts";
import { type Members, createMembers } from "./members.ts";
import { type GroupRole, type People, createPeople } from "./people.ts";
import { type Projects, createProjects, defaultProjectName } from "./projects.ts";
import type { ProviderOptions } from "./provider.ts";
import type { SessionTimes } from "./sessions.ts";
import { type SignIn, createSignIn } from "./sign-in.ts";
import type { Principal } from "./principal.ts";
import { type RateLimitSettings, createRateLimits, noRateLimits } from "./rate-limits.ts";
import { type Tokens, createTokens } from "./tokens.ts";
import { TokenError } from "./errors.ts";
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
  /** @default none */
  readonly rateLimits?: RateLimitSettings;
  /** Days that entries of the audit log are kept. @default for ever; nothing is removed */
  readonly auditDays?: number | undefined;
  /** How long a call goes on trying while the database is away, ms. @default 10000 */
  readonly deadlineMs?: number;
}

/** A call, as far as counting it goes. */
export interface Visit {
  /** The caller's; empty if unknown. */
  readonly address: string;
  /** Whether it changes nothing. */
  readonly isRead: boolean;
}

/** Who may call, and in the name of which project. */
export interface Identity extends Tokens, Projects, Members, People, AuditTrail, SignIn {
  /**
   * Who holds a token, on a visit that counts towards the limits. Throws TokenError for a token that is unknown, expired or revoked,
   * RateLimitError for too many calls, and StoreUnavailableError when the token cannot be looked up.
   */
  authenticate(secret: string, visit: Visit): Promise<Principal>;
  /** The same for a call that goes on, which was counted when it began. */
  recognise(secret: string, address: string): Promise<Principal>;
  /** Counts a visit of somebody who was recognised otherwise than by a token. Throws RateLimitError. */
  countVisit(caller: Principal, visit: Visit): Promise<void>;
  /** Whether any token was ever made. */
  hasTokens(): Promise<boolean>;
  /** Writes when tokens were last used now, rather than within the minute. */
  flush(): Promise<void>;
  /** Flushes and ends; the connection stays open. */
  stop(): Promise<void>;
}

export function createIdentity(options: IdentityOptions): Identity {
  const {
    orm,
    log,
    now = Date.now,
    groupRoles = [],
    rateLimits = noRateLimits,
    deadlineMs = 10_000,
  } = options;
  const limits = createRateLimits(rateLimits);
  const table = createTokenTable(orm, deadlineMs);
  const uses = createUseLog({ write: table.touch, log, now });
  const authenticator = createAuthenticator({ find: table.findByHash, used: uses.note, now });
  const members = createMemberTable(orm, deadlineMs);
  const { forget, ...people } = createPeople({ members, groupRoles, now });
  const projects = createProjects(createProjectTable(orm, deadlineMs), members, forget);

  const auditTable = createAuditTable(orm, deadlineMs);
  const audit = createAuditTrail(auditTable, log);
  const sweep =
    options.auditDays === undefined ? undefined : startAuditSweep(auditTable, options.auditDays, log);

  async function welcome(user: User, username: string): Promise<void> {
    if (user.issuer === localIssuer) return void (await projects.adoptDefaultProject(user.id));
    const { id, displayName } = user;
    await projects.personalProject({ id, suggestedName: username, displayName });
    await people.applyGroups(id, user.groups);
  }

  const countVisit: Identity["countVisit"] = ({ actor }, { address, isRead }) =>
    limits.count(actor, address, isRead);
  return {
    countVisit,
    recognise: authenticator.authenticate,

    async authenticate(secret, visit) {
      const { address } = visit;
      const beforeLookUp = () => limits.checkFailures(address, "tokens");
      let caller: Principal;
      try {
        caller = await authenticator.authenticate(secret, address, beforeLookUp);
      } catch (error) {
        // Expired and revoked tokens are no guesses: a cluster whose token has run out should hear that.
        if (error instanceof TokenError && error.reason === "TOKEN_INVALID")
          await limits.countFailure(address, "tokens");
        throw error;
      }
      await countVisit(caller, visit);
      return caller;
    },

    ...createTokens(table, authenticator.forget),
    ...projects,
    ...createMembers(members, forget),
    ...audit,
    ...people,
    ...createSignIn({
      orm,
      log,
      now,
      deadlineMs,
      limits,
      provider: options.provider,
      times: options.sessionTimes ?? { lifetimeMs: 12 * hour, idleMs: 2 * hour, checkMs: hour / 4 },
      welcome,
      audit,
      auditProject: async () => (await projects.getProject(defaultProjectName)).id,
    }),
    hasTokens: table.any,
    flush: uses.flush,
    async stop() {
      await Promise.all([uses.stop(), sweep?.stop()]);
    },
  };
}

const hour = 3_600_000;

export type { Attempt, AuditEntry } from "./audit.ts";
export {
  CrossOriginError,
  IdentityError,
  type IdentityReason,
  PermissionError,
  ProjectNotFoundError,
  ProviderError,
  type ProviderFailure,
  RateLimitError,
  SessionError,
  StudyNotFoundError,
  TokenError,
  type TokenErrorReason,
  TokenFieldError,
  TokenNotFoundError,
  UserNotFoundError,
} from "./errors.ts";
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
export type { RateLimitSettings } from "./rate-limits.ts";
export type { NewToken, Token, TokenKind, TokenPage } from "./tokens.ts";
