import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { contentSecurityPolicy } from "./security-headers.ts";

/** One file of the dashboard with the variants that the build compressed. */
export interface SiteFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
  /** Set for pages. */
  readonly contentSecurityPolicy: string | undefined;
  readonly body: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

/** A static build, in memory: no path of a request ever reaches the file system. */
export interface Site {
  /** By path, "/_app/immutable/x.js". */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** The page that every address of the application is answered with; it routes in the browser. */
  readonly fallback: SiteFile;
}

const FALLBACK = "/200.html";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/vnd.microsoft.icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

/** Reads a build of SvelteKit's static adapter; undefined when the folder holds none. */
export async function loadSite(directory: string): Promise<Site | undefined> {
  const bodies = await readBodies(directory);
  if (!bodies.has(FALLBACK)) return undefined;
  const files = new Map<string, SiteFile>();
  for (const [path, body] of bodies) {
    const extension = extname(path);
    const isVariant = (extension === ".br" || extension === ".gz") && bodies.has(path.slice(0, -3));
    if (!isVariant) files.set(path, describe(path, body, bodies.get(`${path}.br`), bodies.get(`${path}.gz`)));
  }
  const fallback = files.get(FALLBACK);
  if (fallback === undefined) return undefined;
  files.delete(FALLBACK);
  return { files, fallback };
}

async function readBodies(directory: string): Promise<Map<string, Buffer>> {
  const bodies = new Map<string, Buffer>();
  let entries;
  try {
    entries = await readdir(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return bodies;
    throw error;
  }
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    bodies.set(`/${relative(directory, file).split(sep).join("/")}`, await readFile(file));
  }
  return bodies;
}

function describe(path: string, body: Buffer, br: Buffer | undefined, gzip: Buffer | undefined): SiteFile {
  const extension = extname(path);
  return {
    contentType: CONTENT_TYPES[extension] ?? "application/octet-stream",
    // Names in this folder contain a hash of the content. Everything else is checked anew by its ETag.
    cacheControl: path.startsWith("/_app/immutable/") ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`,
    contentSecurityPolicy: extension === ".html" ? contentSecurityPolicy(body.toString("utf8")) : undefined,
    body,
    br,
    gzip,
  };
}
