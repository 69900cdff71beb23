import { type Session, SessionError } from "../../identity/index.ts";
import type { NodeRequest, NodeResponse } from "../node-types.ts";
import { HttpRefusal, sendJson } from "../refusal.ts";
import { sessionOf } from "../session.ts";
import { available } from "./available.ts";
import { setCookie } from "./cookies.ts";
import type { LoginOptions } from "./options.ts";
import { readJson } from "./read-json.ts";

/** `GET /login/session`: how one signs in here, and who is signed in. No other site's page can read an answer. */
export async function answerSession(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const session = await find(options, req, res).catch((error: unknown) => {
    if (error instanceof SessionError) return undefined;
    throw error;
  });
  const ended = sessionOf(req) !== undefined && session === undefined;
  if (ended) forgetCookie(options, res);
  sendJson(req, res, 200, {
    provider: options.identity.providerName ?? null,
    links: options.links !== "off",
    ended,
    user: session === undefined ? null : personOf(session),
    expireTime: session?.expiresAt.toISOString() ?? null,
  });
}

/** `GET /login/sessions`: the browsers that the person is signed in with. No other site's page can read an answer. */
export async function listSessions(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const own = await demand(options, req, res);
  const sessions = await available(res, () => options.identity.listSessions(own.user.id));
  sendJson(req, res, 200, {
    sessions: sessions.map((session) => ({
      id: session.id,
      isCurrent: session.id === own.id,
      method: session.method,
      address: session.address,
      userAgent: session.userAgent,
      createTime: session.createdAt.toISOString(),
      lastUseTime: session.seenAt.toISOString(),
      expireTime: session.expiresAt.toISOString(),
    })),
  });
}

/** `POST /login/sessions/revoke` with `{"id": 7}` ends one session of the person, with `{"all": true}` every one. */
export async function revokeSessions(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const own = await demand(options, req, res);
  demandOrigin(sessionOf(req)?.isSameOrigin === true);
  const { id, all } = await readJson(req);
  if (all !== true && !(Number.isSafeInteger(id) && typeof id === "number")) {
    throw new HttpRefusal(400, "invalid_argument", 'Send {"id": …} with a number, or {"all": true}.');
  }
  const which = typeof id === "number" && all !== true ? { id } : {};
  await available(res, () => options.identity.revokeSessions({ userId: own.user.id, ...which }));
  if (all === true || id === own.id) forgetCookie(options, res);
  sendJson(req, res, 200, {});
}

/** `POST /logout` ends the session here; the answer says where to end the one at the identity provider. */
export async function signOut(options: LoginOptions, req: NodeRequest, res: NodeResponse): Promise<void> {
  const taken = sessionOf(req);
  if (taken !== undefined) demandOrigin(taken.isSameOrigin);
  const next =
    taken &&
    (await available(res, () =>
      options.identity.endSession(taken.secret, `${options.origin()}/`, options.peerOf(req)),
    ));
  forgetCookie(options, res);
  sendJson(req, res, 200, { next: next ?? null });
}

function personOf({ user, method }: Session) {
  return { name: user.displayName, email: user.email, method };
}

async function find(
  { identity, peerOf }: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<Session | undefined> {
  const taken = sessionOf(req);
  return taken && available(res, () => identity.findSession(taken.secret, peerOf(req)));
}

/** The caller's session. @throws HttpRefusal 401 */
async function demand(options: LoginOptions, req: NodeRequest, res: NodeResponse): Promise<Session> {
  const session = await find(options, req, res).catch((error: unknown) => {
    throw error instanceof SessionError ? new HttpRefusal(401, "unauthenticated", error.message) : error;
  });
  if (session === undefined) throw new HttpRefusal(401, "unauthenticated", "This needs a signed-in browser.");
  return session;
}

function demandOrigin(isSameOrigin: boolean): void {
  if (isSameOrigin) return;
  throw new HttpRefusal(403, "permission_denied", "This is taken from this server's own pages only.");
}

function forgetCookie(options: LoginOptions, res: NodeResponse): void {
  const cookies = options.cookies();
  setCookie(res, cookies, cookies.session, undefined, 0);
}
