import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chown, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Binaries } from "./binaries.ts";
import { databaseUser, passwordFile } from "./endpoint.ts";
import type { Log } from "./log.ts";
import { type Owner, giveTo } from "./owner.ts";
import { inspectProcess } from "./pid-file.ts";
import { clusterPath, runProgram } from "./run.ts";

export interface ClusterOptions {
  readonly clusterDir: string;
  readonly binaries: Binaries;
  readonly owner: Owner | undefined;
  readonly log: Log;
  /** Whether initdb flushes its files to disk; off for tests only. */
  readonly sync: boolean;
}

/** Makes sure that a cluster of our version, readable by its owner, is there. */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { clusterDir, binaries, owner } = options;
  await refuseForeignOwner(clusterDir, owner);
  if (!(await hasCluster(clusterDir))) await createCluster(options);
  const version = (await readFile(join(clusterDir, "PG_VERSION"), "utf8")).trim();
  if (version !== String(binaries.major))
    throw new Error(foreignVersion(clusterDir, version, binaries.major));
  // As a copy that root has made is root's.
  if (owner !== undefined && (await stat(clusterDir)).uid !== owner.uid) await giveTo(owner, clusterDir);
}

/** Whether a data directory has a database; of one that cannot be looked into, whoever opens it says why. */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  return hasCluster(join(resolve(dataDir), "postgres")).catch(() => true);
}

const hasCluster = async (clusterDir: string) =>
  (await statIfThere(join(clusterDir, "PG_VERSION"))) !== undefined;

async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

async function refuseForeignOwner(clusterDir: string, owner: Owner | undefined): Promise<void> {
  const self = process.getuid?.();
  const uid = (await statIfThere(clusterDir))?.uid;
  if (owner !== undefined || self === undefined || uid === undefined || uid === self) return;
  throw new Error(
    `The database in ${clusterDir} belongs to user id ${uid}, and this is user id ${self}: start asktell as that ` +
      `user, or as root give it to this one: chown -R ${self} ${clusterDir}`,
  );
}

/**
 * initdb works under a temporary name, renamed when it is done: a start that is killed half way leaves no half
 * cluster, and of two first starts at once one rename wins and the other one uses its result.
 */
async function createCluster(options: ClusterOptions): Promise<void> {
  const { clusterDir, binaries, owner, log, sync } = options;
  if (owner === undefined) requireUserEntry();
  log.info(`creating the database in ${clusterDir}`);
  const home = dirname(clusterDir);
  await removeLeftovers(clusterDir);
  const temporary = `${clusterDir}.new-${process.pid}`;
  await mkdir(temporary, { mode: 0o700 });
  try {
    if (owner !== undefined) await chown(temporary, owner.uid, owner.gid);
    const auth = await authentication(home);
    await runProgram(
      binaries.initdb,
      [
        `--pgdata=${clusterPath(temporary, owner)}`,
        `--username=${databaseUser}`,
        ...auth,
        // PostgreSQL's own collation: the system's C library and ICU change theirs, which breaks indexes silently.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--encoding=UTF8",
        "--no-instructions",
        // One call of Linux's flushes the new files together.
        ...(sync ? (process.platform === "linux" ? ["--sync-method=syncfs"] : []) : ["--no-sync"]),
      ],
      owner,
      temporary,
    );
    await rename(temporary, clusterDir);
    if (sync) await syncDirectory(home);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await hasCluster(clusterDir))) throw error;
  }
}

/** On a Unix socket the directory's mode is the guard; on Windows anybody may connect, so there is a password. */
async function authentication(home: string): Promise<string[]> {
  if (process.platform !== "win32") return ["--auth-local=trust", "--auth-host=reject"];
  // Kept when it exists: of two first starts at once, both must hand the same password to initdb.
  await writeFile(passwordFile(home), randomBytes(24).toString("base64url"), {
    mode: 0o600,
    flag: "wx",
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return ["--auth=scram-sha-256", `--pwfile=${passwordFile(home)}`];
}

/** initdb looks the user up by name; containers run with an arbitrary user id have no such entry. */
function requireUserEntry(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new Error(
      `The user id ${process.getuid?.()} has no entry in /etc/passwd, which PostgreSQL needs to create a database: ` +
        "add one, run as another user, or set DATABASE_URL to use a PostgreSQL server.",
      { cause },
    );
  }
}

/** Removes what killed starts have left. */
async function removeLeftovers(clusterDir: string): Promise<void> {
  const prefix = `${basename(clusterDir)}.new-`;
  for (const name of await readdir(dirname(clusterDir))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    if (pid !== process.pid && (await inspectProcess(pid)) !== "dead") continue;
    await rm(join(dirname(clusterDir), name), { recursive: true, force: true });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory, and needs no such flush.
  if (process.platform === "win32") return;
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function foreignVersion(clusterDir: string, found: string, ours: number): string {
  return (
    `The database in ${clusterDir} was written by PostgreSQL ${found}, and this release of asktell brings PostgreSQL ` +
    `${ours}, which cannot read it. Nothing was changed. To move it: run "asktell backup FILE" with the release that ` +
    `wrote it, move ${clusterDir} away, and run "asktell restore FILE" with this one.`
  );
}
