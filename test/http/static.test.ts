import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSite } from "../../server/src/http/site.ts";
import type { Site } from "../../server/src/http/site.ts";
import { GET_STUDY, call, sendRaw, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

const SCRIPT = "\n\t\t\tstart({ base: '' });\n\t\t";
const PAGE = `<!doctype html><html><head><script src="/_app/x.js"></script></head><body><script>${SCRIPT}</script></body></html>`;
const CHUNK = "export const answer = 42;\n".repeat(100);
const ASSET = "/_app/immutable/chunks/a1b2.js";

let directory: string;
let site: Site | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "asktell-site-"));
  const files: Record<string, string | Buffer> = {
    "/200.html": PAGE,
    "/200.html.gz": gzipSync(PAGE),
    [ASSET]: CHUNK,
    [`${ASSET}.br`]: brotliCompressSync(CHUNK),
    [`${ASSET}.gz`]: gzipSync(CHUNK),
    "/robots.txt": "User-agent: *\n",
    "/data.tar.gz": Buffer.from("an archive of its own"),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  site = await loadSite(directory);
});
afterAll(() => rm(directory, { recursive: true }));

const start = () => startServer({ router: { site } });

/** fetch decodes bodies and cannot leave out Accept-Encoding, so this asks in plain HTTP. */
async function get(server: TestServer, path: string, headers: Record<string, string> = {}, method = "GET") {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = await sendRaw(
    server,
    `${method} ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${lines.join("")}\r\n`,
  );
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [status = "", ...fields] = head.split("\r\n");
  return {
    status: Number(status.split(" ")[1]),
    headers: new Headers(
      fields.map((field): [string, string] => {
        const colon = field.indexOf(":");
        return [field.slice(0, colon), field.slice(colon + 1).trim()];
      }),
    ),
    body: Buffer.from(body.join("\r\n\r\n"), "latin1"),
  };
}

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("the application's page answers", () => {
  test.each(["/", "/studies/mnist", "/login", "/studies/a%2Fb?tab=plots"])(
    "a browser that opens %s",
    async (path) => {
      const { status, headers, body } = await get(await start(), path, browser);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(body.toString()).toBe(PAGE);
    },
  );

  test("a check of / that accepts anything", async () => {
    expect((await get(await start(), "/", { accept: "*/*" })).status).toBe(200);
    expect((await get(await start(), "/")).status).toBe(200);
  });
});

describe("not found, instead of the page, is the answer to", () => {
  test.each([
    ["a chunk of an older build", "/_app/immutable/chunks/old.js", browser],
    ["a program that asks for something unknown", "/studies/mnist", { accept: "application/json" }],
    ["a path out of the build", "/../package.json", { accept: "*/*" }],
    ["an encoded path out of the build", "/%2e%2e/package.json", { accept: "*/*" }],
    ["a compressed variant by its own name", `${ASSET}.br`, { accept: "*/*" }],
    ["a property of JavaScript objects", "/constructor", { accept: "*/*" }],
  ])("%s", async (_, path, headers) => {
    const { status, body } = await get(await start(), path, headers);
    expect(status).toBe(404);
    expect(JSON.parse(body.toString())).toMatchObject({ code: "not_found" });
  });

  test("a POST to a page", async () => {
    expect((await get(await start(), "/login", browser, "POST")).status).toBe(404);
  });
});

describe("assets", () => {
  test("with a hash in their name are cached for good, others are asked for anew", async () => {
    const server = await start();
    expect((await get(server, ASSET)).headers.get("cache-control")).toBe(
      "public, max-age=31536000, immutable",
    );
    const robots = await get(server, "/robots.txt");
    expect(robots.headers.get("cache-control")).toBe("no-cache");
    expect(robots.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["br;q=0", null],
    ["identity", null],
    ["brotli", null],
  ])("for Accept-Encoding %j come as %s", async (accepted, encoding) => {
    const { headers, body } = await get(await start(), ASSET, { "accept-encoding": accepted });
    expect(headers.get("content-encoding")).toBe(encoding);
    expect(headers.get("vary")).toBe("accept-encoding");
    expect(headers.get("content-length")).toBe(String(body.length));
    const decode =
      { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ""] ?? ((bytes: Buffer) => bytes);
    expect(decode(body).toString()).toBe(CHUNK);
  });

  test("that the client has are answered 304 without a body", async () => {
    const server = await start();
    const etag = (await get(server, ASSET, { "accept-encoding": "gzip" })).headers.get("etag") ?? "";
    const again = await get(server, ASSET, { "accept-encoding": "gzip", "if-none-match": `"x", W/${etag}` });
    expect(again.status).toBe(304);
    expect(again.body.length).toBe(0);
    // Another encoding is another representation.
    expect((await get(server, ASSET, { "if-none-match": etag })).status).toBe(200);
  });

  test("are described without their body for HEAD", async () => {
    const { status, headers, body } = await get(await start(), ASSET, {}, "HEAD");
    expect(status).toBe(200);
    expect(headers.get("content-length")).toBe(String(CHUNK.length));
    expect(body.length).toBe(0);
  });

  test("that end in .gz by themselves are files of their own", async () => {
    const { status, body } = await get(await start(), "/data.tar.gz");
    expect(status).toBe(200);
    expect(body.toString()).toBe("an archive of its own");
  });
});

describe("security headers", () => {
  test("of a page allow its own inline script by hash and nothing else inline, and no framing", async () => {
    const { headers } = await get(await start(), "/", browser);
    const policy = headers.get("content-security-policy") ?? "";
    const hash = createHash("sha256").update(SCRIPT).digest("base64");
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-inline");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  });

  test.each(["/", ASSET, "/healthz", "/nowhere"])(
    "of %s forbid guessing types and sending the address on",
    async (path) => {
      const { headers } = await get(await start(), path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    },
  );

  test("of an RPC forbid guessing types", async () => {
    const { headers } = await call(await start(), { study: "s" });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

test("RPCs and probes come before the site", async () => {
  const server = await start();
  expect((await call(server, { study: "s" })).status).toBe(200);
  expect((await get(server, "/healthz", browser)).body.toString()).toBe('{"status":"ok"}');
  expect((await get(server, GET_STUDY, browser)).status).toBe(415);
});

test("without a build / says that the API is up, and other pages are not found", async () => {
  expect(await loadSite(join(directory, "nowhere"))).toBeUndefined();
  const server = await startServer();
  const { status, headers, body } = await get(server, "/", browser);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(body.toString()).toContain("asktell is running");
  expect((await get(server, "/login", browser)).status).toBe(404);
});
