import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { GET_STUDY, call, expectAlive, startServer } from "./support.ts";
import type { TestServer } from "./support.ts";

async function postCompressed(server: TestServer, encoding: string, body: Buffer) {
  const response = await fetch(server.origin + GET_STUDY, {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": encoding },
    body: new Uint8Array(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

test("200 MB in 200 kB are refused before they are unpacked", async () => {
  const server = await startServer();
  const bomb = gzipSync(Buffer.alloc(200_000_000, " "));
  expect(bomb.length).toBeLessThan(250_000);
  const before = process.memoryUsage().rss;
  const { status, json } = await postCompressed(server, "gzip", bomb);
  expect(status).toBe(429);
  expect(json).toMatchObject({ code: "resource_exhausted" });
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  await expectAlive(server);
});

test("a gzip message within the limit is read", async () => {
  const server = await startServer();
  const { status } = await postCompressed(server, "gzip", gzipSync('{"study":"s"}'));
  expect(status).toBe(200);
});

test("what is no gzip, though it says so, is refused", async () => {
  const server = await startServer();
  const { status, json } = await postCompressed(server, "gzip", Buffer.from("not gzip"));
  expect(status).toBe(400);
  expect(json).toMatchObject({ code: "invalid_argument" });
  const cut = await postCompressed(server, "gzip", gzipSync('{"study":"s"}').subarray(0, 12));
  expect(cut.status).toBe(400);
  await expectAlive(server);
});

test.each([
  ["br", brotliCompressSync('{"study":"s"}')],
  ["deflate", deflateSync('{"study":"s"}')],
  ["constructor", Buffer.from("x")],
])(
  "the encoding %s, which costs too much or is unknown, is refused with those that are read",
  async (name, body) => {
    const server = await startServer();
    const { status, json } = await postCompressed(server, name, body);
    expect(status).toBe(501);
    expect(json).toMatchObject({ code: "unimplemented", message: expect.stringContaining("gzip") });
    await expectAlive(server);
  },
);

test("a client that prefers brotli gets gzip, whose cost is bounded", async () => {
  const server = await startServer();
  const path = GET_STUDY.replace("GetStudy", "CreateStudy");
  const displayName = "x".repeat(100_000);
  const { headers, json } = await call(
    server,
    { study: { displayName } },
    { path, headers: { "accept-encoding": "br, gzip" } },
  );
  expect(headers.get("content-encoding")).toBe("gzip");
  expect(json).toMatchObject({ study: { displayName } });
});
