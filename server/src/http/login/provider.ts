import { ProviderError, RateLimitError } from "../../identity/index.ts";
import type { NodeRequest, NodeResponse } from "../node-types.ts";
import { loginCookieOf, originOf, sessionOf } from "../session.ts";
import { browserOf } from "./browser.ts";
import { setCookie } from "./cookies.ts";
import type { LoginOptions } from "./options.ts";
import { nextPath } from "./next-path.ts";
import { sendLoginPage } from "./page.ts";
import { problemPage } from "./problem-page.ts";
import { redirect } from "./redirect.ts";

/** How long somebody may stay at the provider, s; as long as the server remembers them. */
const awaySeconds = 600;

/** `GET /login?next=/path` sends the browser to the identity provider. Without one, the start page says how to sign in. */
export async function beginAtProvider(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const { identity } = options;
  const query = new URLSearchParams(queryOf(req));
  const next = nextPath(query.get("next"), options.origin());
  if (identity.providerName === undefined) return redirect(res, next);
  // The cookie must be of the host that the provider sends the browser back to. Once is enough: a proxy may call us otherwise.
  if (hostOf(originOf(req)) !== hostOf(options.origin()) && !query.has("here")) {
    return redirect(res, `${options.origin()}/login?here&next=${encodeURIComponent(next)}`);
  }
  await explain(options, req, res, next, async () => {
    const cookies = options.cookies();
    const redirectUri = `${options.origin()}/login/callback`;
    const { url, cookie } = await identity.beginLogin({
      redirectUri,
      next,
      known: loginCookieOf(req),
      address: options.peerOf(req),
    });
    setCookie(res, cookies, cookies.login, cookie, awaySeconds);
    redirect(res, url);
  });
}

/** `GET /login/callback` is where the provider sends the browser back to, with a code or an error. */
export async function returnFromProvider(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  await explain(options, req, res, "/", async () => {
    const cookies = options.cookies();
    const previous = sessionOf(req);
    const { secret, next, userId } = await options.identity.finishLogin({
      // As the provider knows the address, whatever proxies have made of it.
      returned: new URL(`/login/callback?${queryOf(req)}`, options.origin()),
      cookie: loginCookieOf(req),
      browser: browserOf(req, options.peerOf),
    });
    options.log.info({ user: userId, peer: options.peerOf(req) }, "signed in through the provider");
    if (previous !== undefined) await endPrevious(options, req, previous.secret);
    setCookie(res, cookies, cookies.session, secret, options.sessionSeconds);
    redirect(res, next);
  });
}

/** Ends the session that the browser had. An address from which too many unknown ones have come has none worth the sign-in's failure. */
async function endPrevious(
  { identity, origin, peerOf }: LoginOptions,
  req: NodeRequest,
  secret: string,
): Promise<void> {
  await identity.endSession(secret, origin(), peerOf(req)).catch((error: unknown) => {
    if (!(error instanceof RateLimitError)) throw error;
  });
}

/** Answers what goes wrong with a page: somebody looks at this in a browser. */
async function explain(
  { identity, log }: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
  next: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const provider = identity.providerName ?? "the identity provider";
    const wanted = error instanceof ProviderError ? (error.next ?? next) : next;
    const again = `/login?next=${encodeURIComponent(wanted)}`;
    const page = problemPage(error, provider, again);
    if (error instanceof RateLimitError) res.setHeader("retry-after", Math.ceil(error.retryAfterMs / 1_000));
    const { status, title } = page;
    // A reason, never the address: that has the code in it.
    const reason = error instanceof Error ? error.message : String(error);
    const level = status === 403 ? "info" : status === 500 ? "error" : "warn";
    const details = status === 500 ? { status, err: error } : { status };
    log[level](details, `a sign-in came to nothing: ${title}: ${reason}`);
    sendLoginPage(req, res, page);
  }
}

/** Without the scheme, which a proxy that ends TLS changes. */
const hostOf = (origin: string): string => origin.replace(/^https?:\/\//, "");

function queryOf({ url = "" }: NodeRequest): string {
  const mark = url.indexOf("?");
  return mark === -1 ? "" : url.slice(mark + 1);
}
