import { isLoopback } from "../bind.ts";
import type { NodeRequest, NodeResponse } from "../node-types.ts";
import { HttpRefusal, sendJson } from "../refusal.ts";
import { isSameOrigin } from "../session.ts";
import { available } from "./available.ts";
import { browserOf } from "./browser.ts";
import { setCookie } from "./cookies.ts";
import type { LoginOptions } from "./options.ts";
import { readJson } from "./read-json.ts";

/**
 * `POST /login/link` with the code that the dashboard found in the fragment of a login link: the browser is signed in as the
 * local user. The code is never in an address that a server, a log or a Referer header sees.
 */
export async function signInByLink(
  options: LoginOptions,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const { identity, links } = options;
  if (links === "off") throw refusal(403, "Login links are switched off here (--login-link).");
  if (!isSameOrigin(req, options.origin()))
    throw refusal(403, "A login link is taken from this server's own page only.");
  if (links === "loopback" && !isFromLoopback(options, req)) {
    throw refusal(
      403,
      "Login links work on the server's own machine only. Open an SSH tunnel to it, paste a token here, or start the server with --login-link anywhere.",
    );
  }
  const { code } = await readJson(req);
  if (typeof code !== "string") throw new HttpRefusal(400, "invalid_argument", "`code` is no text.");
  const secret = await available(res, () => identity.loginByCode(code, browserOf(req, options.peerOf)));
  if (secret === undefined) {
    throw refusal(
      401,
      "This login link was used already, or is too old: it works once, for ten minutes. `npx asktell login-link` prints another.",
    );
  }
  const cookies = options.cookies();
  setCookie(res, cookies, cookies.session, secret, options.sessionSeconds);
  options.log.info({ peer: options.peerOf(req) }, "signed in by a login link");
  sendJson(req, res, 200, {});
}

/** A proxy on this machine connects from the loopback, whoever is behind it, but says that it forwards. */
function isFromLoopback({ peerOf }: LoginOptions, req: NodeRequest): boolean {
  const isForwarded = req.headers["x-forwarded-for"] !== undefined || req.headers["forwarded"] !== undefined;
  return isLoopback(peerOf(req)) && !isForwarded;
}

function refusal(status: 401 | 403, message: string): HttpRefusal {
  return new HttpRefusal(status, status === 401 ? "unauthenticated" : "permission_denied", message);
}
