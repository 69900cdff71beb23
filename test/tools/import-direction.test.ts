import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "asktell-lint-"));
  await copyFile(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Lints one line as if it stood at `path`; the rule that refuses it, or nothing. */
async function lint(path: string, line: string): Promise<string | undefined> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${line}\n`);
  const output = await new Promise<string>((done) => {
    execFile(
      join(root, "node_modules/.bin/oxlint"),
      ["-f", "unix", path],
      { cwd: folder },
      (_failure, stdout) => {
        done(stdout);
      },
    );
  });
  return /\[Error\/(.+)\]/.exec(output)?.[1];
}

describe("imports between the rooms of server/src", () => {
  it.each([
    ["optimizer/samplers/a.ts", `export { x } from "../../studies/ask.ts";`],
    ["optimizer/samplers/a.ts", `export { x } from "../../store/index.ts";`],
    ["optimizer/a.ts", `export { x } from "../config.ts";`],
    ["optimizer/a.ts", `export { readFile } from "node:fs/promises";`],
    ["optimizer/a.ts", `export const x = await import("../rpc/a.ts");`],
    ["store/a.ts", `export { x } from "../studies/ask.ts";`],
    ["store/a.ts", `export { x } from "../identity/tokens.ts";`],
    ["studies/a.ts", `export { x } from "../rpc/ask.ts";`],
    ["studies/a.ts", `export { x } from "../gateways/hopaas/ask.ts";`],
    ["studies/a.ts", `export { ConnectError } from "@connectrpc/connect";`],
    ["studies/a.ts", `export { createServer } from "node:http";`],
    ["studies/a.ts", `export { Pool } from "pg";`],
    ["identity/a.ts", `export { x } from "../http/cookies.ts";`],
    ["identity/a.ts", `export { EntityManager } from "@mikro-orm/core";`],
    ["rpc/a.ts", `export { sql } from "kysely";`],
    ["http/a.ts", `export { x } from "../cli/serve.ts";`],
    ["gateways/optunapi/a.ts", `export { x } from "../../main.ts";`],
  ])("%s may not say %s", async (path, line) => {
    expect(await lint(`server/src/${path}`, line)).toBe("eslint(no-restricted-imports)");
  });

  it.each([
    ["optimizer/samplers/a.ts", `export { x } from "../numerics/stream.ts";`],
    ["store/a.ts", `export { Pool } from "pg";`],
    ["store/a.ts", `export type { Parameter } from "../optimizer/space/parameter.ts";`],
    ["studies/a.ts", `export { x } from "../store/index.ts";`],
    ["studies/a.ts", `export { x } from "../optimizer/suggest.ts";`],
    ["rpc/a.ts", `export { ConnectError } from "@connectrpc/connect";`],
    ["rpc/a.ts", `export { x } from "../studies/ask.ts";`],
    ["http/a.ts", `export { createServer } from "node:http";`],
    ["cli/serve.ts", `export { x } from "../rpc/routes.ts";`],
    ["main.ts", `export { x } from "./cli/serve.ts";`],
    ["optimizer/a.test.ts", `export { readFile } from "node:fs/promises";`],
  ])("%s may say %s", async (path, line) => {
    expect(await lint(`server/src/${path}`, line)).toBeUndefined();
  });

  it("keeps the object mapper's own transactions out everywhere", async () => {
    expect(await lint("server/src/store/b.ts", `export const f = (em) => em.transactional(() => 1);`)).toBe(
      "eslint(no-restricted-properties)",
    );
    expect(await lint("server/src/studies/b.ts", `export const f = (orm) => orm.em.begin();`)).toBe(
      "eslint(no-restricted-properties)",
    );
  });
});
