import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressKey } from "./address-key.ts";
import { RateLimitError } from "./errors.ts";
import type { Actor } from "./principal.ts";

/** How much of this replica's time callers may take; 0 is without limit. */
export interface RateLimitSettings {
  /** Calls a second that read, for each token or person. */
  readonly reads: number;
  /** Calls a second that change something, for each token or person. */
  readonly writes: number;
  /** Calls a second from one address, whoever makes them. */
  readonly address: number;
  /** Unknown tokens a minute from one address, as many unknown sessions, and as many sign-ins. */
  readonly failures: number;
}

export const noRateLimits: RateLimitSettings = { reads: 0, writes: 0, address: 0, failures: 0 };

/**
 * Counts calls, on this replica alone: a shared count would cost a commit a call, and what must be exact, such as a token's cap on
 * asks, is counted in the transaction. All throw RateLimitError.
 */
export interface RateLimits {
  /** Counts a call of somebody known. */
  count(actor: Actor, address: string, isRead: boolean): Promise<void>;
  /** Refuses an address from which too many of these have come lately that nobody knows. */
  checkFailures(address: string, what: Credential): Promise<void>;
  /** Counts one that nobody knows. */
  countFailure(address: string, what: Credential): Promise<void>;
  /** Counts somebody who begins to sign in, or comes back with nothing good. */
  countSignIn(address: string): Promise<void>;
}

/** What callers show. */
type Credential = "tokens" | "sessions";

interface Limit {
  readonly limiter: RateLimiterMemory;
  /** Too many what. */
  readonly what: string;
}

export function createRateLimits(settings: RateLimitSettings): RateLimits {
  const limit = (points: number, duration: number, what: string): Limit | undefined =>
    points === 0 ? undefined : { limiter: new RateLimiterMemory({ points, duration }), what };
  const reads = limit(settings.reads, 1, `calls that read: ${settings.reads} a second are allowed a caller`);
  const writes = limit(
    settings.writes,
    1,
    `calls that write: ${settings.writes} a second are allowed a caller`,
  );
  const address = limit(
    settings.address,
    1,
    `calls from one address: ${settings.address} a second are allowed`,
  );
  const unknown = (what: Credential): Limit | undefined =>
    limit(
      settings.failures,
      60,
      `unknown ${what} from this address: ${settings.failures} a minute are allowed`,
    );
  const failures = { tokens: unknown("tokens"), sessions: unknown("sessions") };
  const signIns = limit(
    settings.failures,
    60,
    `sign-ins from this address: ${settings.failures} a minute are allowed`,
  );

  return {
    async count(actor, from, isRead) {
      // One after the other: a caller over its own limit does not use up its neighbours' share of the address.
      await take(isRead ? reads : writes, `${actor.kind} ${actor.id}`);
      if (from !== "") await take(address, addressKey(from));
    },

    async checkFailures(from, what) {
      const counted = failures[what];
      if (counted === undefined || from === "") return;
      const state = await counted.limiter.get(addressKey(from));
      if (state !== null && state.consumedPoints > settings.failures) throw refusal(counted, state);
    },

    async countFailure(from, what) {
      if (from !== "") await take(failures[what], addressKey(from));
    },

    async countSignIn(from) {
      if (from !== "") await take(signIns, addressKey(from));
    },
  };
}

async function take(limit: Limit | undefined, key: string): Promise<void> {
  if (limit === undefined) return;
  try {
    await limit.limiter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? refusal(limit, error) : error;
  }
}

function refusal({ what }: Limit, { msBeforeNext }: RateLimiterRes): RateLimitError {
  return new RateLimitError(`too many ${what}`, Math.max(1, msBeforeNext));
}
