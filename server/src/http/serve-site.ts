import type { NodeRequest, NodeResponse } from "./node-types.ts";
import { pathOf } from "./request-info.ts";
import { PAGE_HEADERS } from "./security-headers.ts";
import { hadUrlToken } from "./token.ts";
import type { Site, SiteFile } from "./site.ts";

/**
 * Answers from the dashboard's build: the exact file, else the application's page for what a browser navigates to.
 * A missing script must stay a 404: answering it with HTML is the classic blank page after an update.
 * @returns false when the site has no answer
 */
export function serveSite(site: Site, req: NodeRequest, res: NodeResponse): boolean {
  if (req.method !== "GET" && req.method !== "HEAD") return false;
  const path = pathOf(req);
  const file = site.files.get(path) ?? (wantsPage(path, req) ? site.fallback : undefined);
  if (file === undefined) return false;
  send(file, req, res);
  return true;
}

function wantsPage(path: string, req: NodeRequest): boolean {
  if (path === "/") return true;
  return !path.startsWith("/_app/") && (req.headers.accept ?? "").includes("text/html");
}

function send(file: SiteFile, req: NodeRequest, res: NodeResponse): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) res.setHeader(name, value);
  // The policy of a script would be that of a worker which runs it.
  if (file.contentSecurityPolicy === undefined) res.removeHeader("content-security-policy");
  else res.setHeader("content-security-policy", file.contentSecurityPolicy);
  if (!hadUrlToken(req)) res.setHeader("cache-control", file.cacheControl);
  const { body, encoding } = choose(file, [req.headers["accept-encoding"] ?? ""].flat().join(","));
  // Strong validators differ between encodings of one file (RFC 9110, section 8.8.3.3).
  const etag = encoding === undefined ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`;
  res.setHeader("etag", etag);
  res.setHeader("vary", "accept-encoding");
  if (
    (req.headers["if-none-match"] ?? "").split(",").some((seen) => seen.trim().replace(/^W\//, "") === etag)
  ) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = 200;
  res.setHeader("content-type", file.contentType);
  res.setHeader("content-length", body.length);
  if (encoding !== undefined) res.setHeader("content-encoding", encoding);
  if (req.method === "HEAD") res.end();
  else res.end(body);
}

function choose(file: SiteFile, accepted: string): { body: Buffer; encoding: "br" | "gzip" | undefined } {
  if (file.br !== undefined && accepts(accepted, "br")) return { body: file.br, encoding: "br" };
  if (file.gzip !== undefined && accepts(accepted, "gzip")) return { body: file.gzip, encoding: "gzip" };
  return { body: file.body, encoding: undefined };
}

/** Whether an Accept-Encoding header names the coding with a weight above zero. */
function accepts(header: string, coding: string): boolean {
  return header.split(",").some((item) => {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
