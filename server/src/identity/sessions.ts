import type { SessionRow, SessionTable, SignInMethod } from "../store/cold/sessions.ts";
import type { Log } from "../store/embedded/log.ts";
import { ProviderError, SessionError } from "./errors.ts";
import { createCode, hashCode, isCode } from "./one-time-code.ts";
import type { ProviderTokens } from "./provider.ts";
import type { RateLimits } from "./rate-limits.ts";
import { createRecentCache } from "./recent-cache.ts";
import { seal, unseal } from "./sealed.ts";
import type { User } from "./users.ts";

/** A signed-in browser. */
export type Session = Omit<SessionRow, "isSealed">;

export interface NewSession {
  readonly user: User;
  readonly method: SignInMethod;
  /** Of the browser, for its owner to recognise it by. */
  readonly address: string;
  readonly userAgent: string;
  /** To ask the provider again with. */
  readonly tokens?: ProviderTokens | undefined;
}

export interface SessionTimes {
  /** A session ends after this time, however much it is used, ms. */
  readonly lifetimeMs: number;
  /** A session ends after this time without a call, ms. */
  readonly idleMs: number;
  /** How often the provider is asked whether it still knows the person, ms. */
  readonly checkMs: number;
}

export interface SessionsOptions extends SessionTimes {
  readonly table: SessionTable;
  /**
   * Asks the provider about a person again, and notes what it says; answers its new tokens. Throws ProviderError:
   * `unreachable` changes nothing, otherwise the session ends.
   */
  readonly recheck: (tokens: ProviderTokens, user: User) => Promise<ProviderTokens>;
  readonly limits: Pick<RateLimits, "checkFailures" | "countFailure">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

export interface Sessions {
  /** Answers the secret for the browser's cookie; the database keeps its hash. */
  startSession(session: NewSession): Promise<string>;
  /**
   * Whose session this is. Throws SessionError for one that is unknown or over, RateLimitError for one that is not known here when too many
   * unknown ones have come from its address.
   */
  findSession(secret: string, address: string): Promise<Session>;
  /** Unexpired ones, last used first. */
  listSessions(userId: number): Promise<Session[]>;
  /** Ends the session of this secret; answers the provider's tokens that it had. Throws RateLimitError as `findSession`. */
  endSession(secret: string, address: string): Promise<ProviderTokens | undefined>;
  /** Ends sessions of a user, all of them or the one with the id; every replica refuses them within 5 seconds. Answers how many. */
  revokeSessions(sessions: { userId: number; id?: number }): Promise<number>;
}

/** A revocation reaches every replica within this time. */
const cacheMs = 5_000;
const maxEntries = 10_000;
/** Browsers that share an address with a guesser go on for this long after the last look-up. */
const familiarMs = 24 * 3_600_000;
/** A use is noted at most this often, ms. */
const maxTouchMs = 60_000;

interface Known {
  readonly row: SessionRow;
  /** When it was last used, as far as this replica knows; the row says it within `touchMs`. */
  usedAt: number;
  /** When the row was last brought up to date. */
  notedAt: number;
  checkedAt: number;
}

/** Browsers' sessions, remembered for some seconds as API tokens are. */
export function createSessions(options: SessionsOptions): Sessions {
  const { table, limits, now, log, idleMs, lifetimeMs, checkMs } = options;
  const touchMs = Math.min(maxTouchMs, idleMs / 4);
  const known = createRecentCache<Known>({ maxEntries, ttlMs: cacheMs, now });
  /** Secrets that were good, which are no guesses whatever has become of them since. */
  const familiar = createRecentCache<true>({ maxEntries, ttlMs: familiarMs, now });
  let revocations = 0;

  /** What the table answers about a secret; an address that shows too many unknown ones is refused before the table is asked. */
  async function unlessGuessed<T>(key: string, address: string, ask: () => Promise<T>): Promise<T> {
    const isFamiliar = familiar.get(key) !== undefined;
    if (!isFamiliar) await limits.checkFailures(address, "sessions");
    const found = await ask();
    if (found !== undefined) familiar.set(key, true, now());
    else if (!isFamiliar) await limits.countFailure(address, "sessions");
    return found;
  }

  async function lookUp(secret: string, address: string): Promise<Known> {
    const hash = hashCode(secret);
    const key = hash.toString("latin1");
    const before = known.get(key);
    if (before !== undefined) return before;
    const since = now();
    const revocationsBefore = revocations;
    const row = await unlessGuessed(key, address, () => table.findByHash(hash));
    if (row === undefined) throw new SessionError();
    const seenAt = row.seenAt.getTime();
    const found = { row, usedAt: seenAt, notedAt: seenAt, checkedAt: row.checkedAt.getTime() };
    // The row may be older than a revocation that came meanwhile.
    if (revocations === revocationsBefore) known.set(key, found, since);
    return found;
  }

  function forget(ids: readonly number[]): void {
    revocations++;
    known.deleteWhere(({ row }) => ids.includes(row.id));
  }

  /** Notes a use and asks the provider again, when it is time; the call under way waits for neither. */
  function keepUp(found: Known, secret: string): void {
    found.usedAt = now();
    if (found.usedAt - found.notedAt >= touchMs) {
      found.notedAt = found.usedAt;
      inBackground("noted", table.touch(found.row.id, touchMs / 1_000));
    }
    if (found.row.isSealed && found.usedAt - found.checkedAt >= checkMs) {
      found.checkedAt = found.usedAt;
      inBackground("checked", check(found.row, secret));
    }
  }

  function inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      log.warn(`a session could not be ${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  async function check({ id, user }: SessionRow, secret: string): Promise<void> {
    const sealed = await table.claimCheck(id, checkMs / 1_000);
    if (sealed === undefined) return;
    try {
      const tokens = await options.recheck(parseTokens(unseal(secret, sealed)), user);
      await table.reseal(id, seal(secret, JSON.stringify(tokens)));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.failure === "unreachable") throw error;
      log.info(`a session ended because the identity provider no longer vouches for it: ${error.message}`);
      forget(await table.remove({ userId: user.id, id }));
    }
  }

  return {
    async startSession({ user, method, address, userAgent, tokens }) {
      const secret = createCode();
      await table.insert({
        userId: user.id,
        hash: hashCode(secret),
        method,
        sealed: tokens && seal(secret, JSON.stringify(tokens)),
        address,
        userAgent,
        lifetimeSeconds: lifetimeMs / 1_000,
      });
      return secret;
    },

    async findSession(secret, address) {
      if (!isCode(secret)) throw new SessionError();
      const found = await lookUp(secret, address);
      const { row } = found;
      if (row.expiresAt.getTime() <= now() || found.usedAt + idleMs <= now()) throw new SessionError();
      keepUp(found, secret);
      return row;
    },

    listSessions: (userId) => table.list(userId),

    async endSession(secret, address) {
      if (!isCode(secret)) return undefined;
      const hash = hashCode(secret);
      const ended = await unlessGuessed(hash.toString("latin1"), address, () => table.removeByHash(hash));
      if (ended === undefined) return undefined;
      forget([ended.id]);
      return ended.sealed && parseTokens(unseal(secret, ended.sealed));
    },

    async revokeSessions(which) {
      const ended = await table.remove(which);
      forget(ended);
      return ended.length;
    },
  };
}

function parseTokens(text: string): ProviderTokens {
  // Written by `startSession` or `check`, and authenticated by the cipher.
  return JSON.parse(text) as ProviderTokens;
}
