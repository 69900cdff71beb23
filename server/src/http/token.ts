import type { NodeRequest } from "./node-types.ts";
import { HttpRefusal } from "./refusal.ts";

/** Where a request carried its token: a URL ends up in proxy logs and shell history, a header does not. */
export type TokenSource = "header" | "path" | "query";

export interface TakenToken {
  readonly value: string;
  readonly source: TokenSource;
}

/** What stood after a token in a path; `rest` is "" or begins with "/" or "?". */
export interface PathToken {
  readonly token: string;
  readonly rest: string;
}

/** The characters of a bearer token (RFC 6750, section 2.1). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Longest token accepted: one with a chain of caveats is a few hundred characters. */
const MAX_TOKEN_LENGTH = 4096;

/** Stands in a request's raw headers for a secret that was taken off. */
export const TAKEN = "[taken]";

const tokens = new WeakMap<NodeRequest, TakenToken>();
const urlTokens = new WeakSet<NodeRequest>();

/**
 * Takes the token off a request, before anything routes or logs it: from `Authorization: Bearer`, from
 * `/t/{token}/...`, from `?token=`, or from the segment after one of `tokenPaths`. Afterwards neither the URL nor
 * the headers hold it; {@link tokenOf} does.
 *
 * @param tokenPaths paths of other systems' protocols in which the next segment is the token ("/api/ask")
 * @throws HttpRefusal when the token is malformed, or two places hold different ones
 */
export function takeToken(req: NodeRequest, tokenPaths: readonly string[] = []): TakenToken | undefined {
  const found: TakenToken[] = [];
  const header = takeHeader(req);
  if (header !== undefined) found.push({ value: header, source: "header" });
  const url = originForm(req.url ?? "/");
  let rest = url;
  const inPath = takePathToken(rest, "/t");
  if (inPath !== undefined) {
    found.push({ value: inPath.token, source: "path" });
    rest = inPath.rest.startsWith("/") ? inPath.rest : `/${inPath.rest}`;
  }
  for (const path of tokenPaths) {
    const behind = takePathToken(rest, path);
    if (behind === undefined) continue;
    found.push({ value: behind.token, source: "path" });
    rest = path + behind.rest;
  }
  const query = takeQueryTokens(rest);
  for (const value of query.values) found.push({ value, source: "query" });
  rest = query.rest;
  // Rewritten before the checks below, so that a refused request is logged without its token too.
  if (rest !== req.url) {
    req.url = rest;
    setRawHeader(req, ":path", rest);
  }
  if (found.some(({ source }) => source !== "header")) {
    urlTokens.add(req);
    // A page reached by a URL with a token names itself as the referrer of its requests.
    delete req.headers.referer;
    setRawHeader(req, "referer", TAKEN);
  }
  for (const token of found) checkForm(token);
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.some(({ value }) => value !== first.value)) {
    throw new HttpRefusal(400, "invalid_argument", "The request carries two different tokens. Send one.");
  }
  tokens.set(req, first);
  return first;
}

/** The token that {@link takeToken} took off this request. */
export function tokenOf(req: NodeRequest): TakenToken | undefined {
  return tokens.get(req);
}

/** Whether the URL held a token, good or bad: the answer must then stay out of caches and Referer headers. */
export function hadUrlToken(req: NodeRequest): boolean {
  return urlTokens.has(req);
}

/** Splits the segment after `before` off a URL: ("/api/ask/abc?x=1", "/api/ask") gives "abc" and "?x=1". */
function takePathToken(url: string, before: string): PathToken | undefined {
  if (!url.startsWith(`${before}/`)) return undefined;
  const start = before.length + 1;
  const length = url.slice(start).search(/[/?]/);
  const end = length === -1 ? url.length : start + length;
  return { token: decode(url.slice(start, end)), rest: url.slice(end) };
}

/** Proxies may send `GET http://host/path`; everything behind this point sees `/path`. */
function originForm(url: string): string {
  if (url.startsWith("/") || !/^https?:\/\//i.test(url)) return url;
  const path = url.indexOf("/", url.indexOf("//") + 2);
  return path === -1 ? "/" : url.slice(path);
}

/**
 * Deletes the authorization header, of whatever scheme: only bearer tokens mean something here, and a password
 * that an HTTP library added from a `.netrc` file must not reach a log either.
 */
function takeHeader(req: NodeRequest): string | undefined {
  const header = req.headers.authorization;
  if (header === undefined) return undefined;
  delete req.headers.authorization;
  setRawHeader(req, "authorization", TAKEN);
  const bearer = /^bearer(?: +(.*))?$/i.exec(header);
  return bearer === null ? undefined : (bearer[1] ?? "").trim();
}

function takeQueryTokens(url: string): { values: string[]; rest: string } {
  const mark = url.indexOf("?");
  if (mark === -1) return { values: [], rest: url };
  const values: string[] = [];
  const kept = url
    .slice(mark + 1)
    .split("&")
    .filter((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      if (name !== "token" && decode(name) !== "token") return true;
      values.push(decode(value));
      return false;
    });
  if (values.length === 0) return { values, rest: url };
  const path = url.slice(0, mark);
  return { values, rest: kept.length === 0 ? path : `${path}?${kept.join("&")}` };
}

/** Node keeps a second copy of all headers, as they came: name, value, name, value. */
export function setRawHeader({ rawHeaders }: NodeRequest, name: string, value: string): void {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === name) rawHeaders[i + 1] = value;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Broken percent-encoding is no token; the form check says so.
    return text;
  }
}

function checkForm(token: TakenToken): void {
  if (token.value === "") {
    throw new HttpRefusal(
      400,
      "invalid_argument",
      `The token in the ${token.source} is empty. Is the variable that holds it set?`,
    );
  }
  if (token.value.length > MAX_TOKEN_LENGTH || !TOKEN.test(token.value)) {
    throw new HttpRefusal(400, "invalid_argument", `The text in the ${token.source} is not a token.`);
  }
}
