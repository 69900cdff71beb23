import type { TokenRow } from "../store/cold/tokens.ts";
import { TokenError, type TokenErrorReason } from "./errors.ts";
import type { Principal } from "./principal.ts";
import { createRecentCache } from "./recent-cache.ts";
import { scopeOf } from "./scope.ts";
import { hashSecret, isSecret } from "./secret.ts";
import { tokenKindOf } from "./tokens.ts";

export interface AuthenticatorOptions {
  /** Looks a token up by the SHA-256 of its secret. */
  readonly find: (hash: Buffer) => Promise<TokenRow | undefined>;
  /** Told of each successful use, and from which address. */
  readonly used: (tokenId: number, from: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Authenticator {
  /**
   * Who holds this secret. Throws TokenError for a token that is unknown, expired or revoked, and
   * StoreUnavailableError when that cannot be found out.
   *
   * @param from - the caller's address @default none
   * @param beforeLookUp - runs before the database is asked about a token that was not good here lately; what it throws is thrown
   */
  authenticate(secret: string, from?: string, beforeLookUp?: () => Promise<void>): Promise<Principal>;
  /** Forgets what is remembered of a token that was revoked here. */
  forget(tokenId: number): void;
}

/** A revocation reaches every replica within this time, and an outage of the database is bridged for it. */
const cacheMs = 5_000;
const maxEntries = 10_000;
/** Whoever shares an address with a guesser goes on for this long after the last look-up. */
const familiarMs = 24 * 3_600_000;

interface Known {
  readonly principal: Principal;
  readonly expiresAt: number;
  /** Of a token that was rotated; Infinity of others. */
  readonly revokedAt: number;
}

type Verdict = Known | TokenError;

/**
 * Remembers verdicts by the secret's hash. Refusals have a cache of their own, so that a flood of invented tokens does
 * not evict the real ones, and concurrent look-ups of a token share one query.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { find, used, now } = options;
  const known = createRecentCache<Known>({ maxEntries, ttlMs: cacheMs, now });
  const refused = createRecentCache<TokenError>({ maxEntries, ttlMs: cacheMs, now });
  /** Tokens that were good, which are no guesses whatever has become of them since. */
  const familiar = createRecentCache<true>({ maxEntries, ttlMs: familiarMs, now });
  const underWay = new Map<string, Promise<Verdict>>();
  let revocations = 0;

  async function lookUp(hash: Buffer, key: string): Promise<Verdict> {
    const since = now();
    const revocationsBefore = revocations;
    const verdict = judge(await find(hash));
    if (verdict instanceof TokenError) {
      refused.set(key, verdict, since);
      return verdict;
    }
    familiar.set(key, true, since);
    // The row may be older than a revocation that came meanwhile.
    if (revocations === revocationsBefore) known.set(key, verdict, since);
    return verdict;
  }

  function shareLookUp(hash: Buffer, key: string): Promise<Verdict> {
    const flight = underWay.get(key) ?? lookUp(hash, key).finally(() => underWay.delete(key));
    underWay.set(key, flight);
    return flight;
  }

  return {
    async authenticate(secret, from = "", beforeLookUp) {
      if (!isSecret(secret)) throw tokenError("TOKEN_INVALID");
      const hash = hashSecret(secret);
      const key = hash.toString("latin1");
      let verdict: Verdict | undefined = known.get(key) ?? refused.get(key);
      if (verdict === undefined) {
        if (beforeLookUp !== undefined && familiar.get(key) === undefined) await beforeLookUp();
        verdict = await shareLookUp(hash, key);
      }
      if (verdict instanceof TokenError) throw tokenError(verdict.reason);
      if (verdict.expiresAt <= now()) throw tokenError("TOKEN_EXPIRED");
      if (verdict.revokedAt <= now()) throw tokenError("TOKEN_REVOKED");
      used(verdict.principal.actor.id, from);
      return verdict.principal;
    },

    forget(tokenId) {
      revocations++;
      known.deleteWhere(({ principal }) => principal.actor.id === tokenId);
    },
  };
}

function judge(row: TokenRow | undefined): Verdict {
  if (row === undefined) return tokenError("TOKEN_INVALID");
  const { id, project, displayName, scope, study, kind, maxAsks, originId } = row;
  if (row.isRevoked) return tokenError("TOKEN_REVOKED");
  // What it was for is gone; a later study of the same name is another one.
  if (study !== undefined && study.name === undefined) return tokenError("TOKEN_REVOKED");
  const access = { project, scope: scopeOf(scope), study: study?.name };
  return {
    principal: {
      actor: { kind: tokenKindOf(kind), id },
      displayName,
      project,
      access: new Map([[project.name, access]]),
      cappedBy: maxAsks === undefined ? undefined : originId,
    },
    expiresAt: row.expiresAt.getTime(),
    revokedAt: row.revokedAt?.getTime() ?? Infinity,
  };
}

const messages: Record<TokenErrorReason, string> = {
  TOKEN_INVALID:
    "This token is not known here. A token is `at_` and 49 letters and digits; is it whole, and of this server?",
  TOKEN_EXPIRED: "This token has expired. Make a new one: asktell token create.",
  TOKEN_REVOKED: "This token was revoked. Make a new one: asktell token create.",
};

const tokenError = (reason: TokenErrorReason) => new TokenError(reason, messages[reason]);
