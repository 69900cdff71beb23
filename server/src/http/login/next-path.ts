import { withoutSecrets } from "../../identity/secret.ts";

/** Longest path to return to. Longer ones are no page's address. */
const maxLength = 2_000;

/**
 * Where to go after a sign-in: a path of this server, whatever was asked for.
 *
 * @returns `/` for what is no such path, so that nobody is sent on to another site in our name
 */
export function nextPath(wanted: string | null, origin: string): string {
  if (wanted === null || wanted.length > maxLength || !/^\/(?![/\\])/.test(wanted)) return "/";
  if (!URL.canParse(wanted, origin)) return "/";
  const url = new URL(wanted, origin);
  // Paths that would begin another sign-in, or end the new session.
  if (url.origin !== new URL(origin).origin || /^\/(?:login|logout)(?:\/|$)/.test(url.pathname)) return "/";
  const path = url.pathname + url.search;
  // A redirect would write a token into the browser's history, once more.
  return withoutSecrets(decoded(path)) === decoded(path) ? path : "/";
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
