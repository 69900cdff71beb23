import { parseCookie } from "cookie";
import type { Cookies } from "./login/cookies.ts";
import type { NodeRequest } from "./node-types.ts";
import { TAKEN, setRawHeader } from "./token.ts";

/** What a request's cookies say, and whether to believe that the page which sent them is ours. */
export interface TakenSession {
  /** The session's secret. */
  readonly secret: string;
  /**
   * Whether the browser vouches that a page of this server sent the request. Without that it may be another program's page on
   * another port of this host: to SameSite, that is the same site.
   */
  readonly isSameOrigin: boolean;
}

const sessions = new WeakMap<NodeRequest, TakenSession>();
const loginCookies = new WeakMap<NodeRequest, string>();

/**
 * Takes the cookies off a request, before anything routes or logs it.
 *
 * @param origin - where users reach the server
 */
export function takeSession(req: NodeRequest, cookies: Cookies, origin: string): void {
  const header = req.headers.cookie;
  if (header === undefined) return;
  delete req.headers.cookie;
  setRawHeader(req, "cookie", TAKEN);
  const values = parseCookie(header);
  const secret = values[cookies.session];
  const login = values[cookies.login];
  if (secret !== undefined) sessions.set(req, { secret, isSameOrigin: isSameOrigin(req, origin) });
  if (login !== undefined) loginCookies.set(req, login);
}

/** The session that {@link takeSession} took off this request. */
export function sessionOf(req: NodeRequest): TakenSession | undefined {
  return sessions.get(req);
}

/** The cookie of a browser that is at the identity provider. */
export function loginCookieOf(req: NodeRequest): string | undefined {
  return loginCookies.get(req);
}

/**
 * Whether a page of this server sent the request. Browsers state the origin with everything that can change something; with plain
 * reads they state only how the page is related (Fetch Metadata), which `none` says for an address that somebody typed.
 */
export function isSameOrigin(req: NodeRequest, origin: string): boolean {
  const stated = req.headers.origin;
  if (stated !== undefined) return stated === origin || stated === originOf(req);
  const relation = req.headers["sec-fetch-site"];
  const isRead = req.method === "GET" || req.method === "HEAD";
  return isRead && (relation === "same-origin" || relation === "none");
}

/** The origin as the request itself has it, by which a server on the loopback is reached under several names. */
export function originOf(req: NodeRequest): string {
  const scheme = "encrypted" in req.socket && req.socket.encrypted === true ? "https" : "http";
  const authority = "authority" in req ? req.authority : req.headers.host;
  return `${scheme}://${authority ?? ""}`;
}
