import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Token } from "@asktell/proto/asktell/v1/token_service_pb";

/**
 * Whether a token works: `replaced` still does, until its successor takes over; `used-up` is known to its server and refuses only asks.
 */
export type TokenStanding = "active" | "replaced" | "used-up" | "revoked" | "expired";

/** @param now milliseconds since 1970 */
export function standingOf(
  token: Pick<Token, "revokeTime" | "expireTime" | "maxAsks" | "asks">,
  now: number,
): TokenStanding {
  const revoked = token.revokeTime === undefined ? Infinity : timestampMs(token.revokeTime);
  if (revoked <= now) return "revoked";
  if (token.expireTime !== undefined && timestampMs(token.expireTime) <= now) return "expired";
  if (revoked < Infinity) return "replaced";
  return token.maxAsks > 0 && token.asks >= token.maxAsks ? "used-up" : "active";
}

/** Whether programs may still call with it. */
export function works(standing: TokenStanding): boolean {
  return standing !== "revoked" && standing !== "expired";
}
