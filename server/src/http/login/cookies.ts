import { createHash } from "node:crypto";
import { stringifySetCookie } from "cookie";
import type { NodeResponse } from "../node-types.ts";

/** The cookies of a server: one for the session, one for a browser that is at the identity provider. */
export interface Cookies {
  readonly session: string;
  readonly login: string;
  readonly isSecure: boolean;
}

/**
 * Cookies know no ports: two servers of one host would overwrite each other's, hence a name for each origin. Over https the
 * prefix makes browsers refuse the name from anybody but this host, over TLS (RFC 6265bis, section 4.1.3.2). Over http, on
 * the loopback, a plain name is used, since not every browser takes a secure cookie there.
 *
 * @param origin - where users reach the server
 */
export function cookiesOf(origin: string): Cookies {
  const isSecure = origin.startsWith("https:");
  const instance = createHash("sha256").update(origin).digest("hex").slice(0, 8);
  const prefix = isSecure ? "__Host-" : "";
  return {
    session: `${prefix}asktell-${instance}`,
    login: `${prefix}asktell-login-${instance}`,
    isSecure,
  };
}

/**
 * Sets a cookie that scripts do not see and other sites' requests do not carry, or removes it.
 *
 * @param value - undefined removes it
 * @param seconds - how long the browser keeps it
 */
export function setCookie(
  res: NodeResponse,
  { isSecure }: Cookies,
  name: string,
  value: string | undefined,
  seconds: number,
): void {
  const cookie = stringifySetCookie({
    name,
    value: value ?? "",
    maxAge: value === undefined ? 0 : Math.round(seconds),
    path: "/",
    httpOnly: true,
    secure: isSecure,
    // Not strict: the way back from the identity provider is a navigation from another site, and needs it.
    sameSite: "lax",
  });
  res.appendHeader("set-cookie", cookie);
}
