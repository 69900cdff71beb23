import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, stat, truncate } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { type PostgresConnection, endpointOf } from "./endpoint.ts";
import type { Log } from "./log.ts";
import type { Owner } from "./owner.ts";
import { type PidFile, inspectProcess, readPidFile, removeStalePidFile } from "./pid-file.ts";
import { errorCode, queryOnce } from "./query.ts";
import { clusterPath, runAs } from "./run.ts";
import { type ServerSettings, serverArguments } from "./settings.ts";

/** A server process and the cluster that it serves. */
export interface ServerOptions {
  readonly clusterDir: string;
  readonly binaries: Binaries;
  readonly owner: Owner | undefined;
  readonly endpoint: PostgresConnection;
  readonly settings: ServerSettings;
  /** Where the server writes its own messages. */
  readonly logFile: string;
  readonly log: Log;
}

export interface RunningServer {
  readonly pid: number;
  readonly connection: PostgresConnection;
  /** Whether it ran already. */
  readonly adopted: boolean;
}

/** Another start may win, or a dying server still hold the lock: how long to try, in milliseconds. */
const patience = 20_000;
/** A server that calls itself ready answers within this time, in milliseconds, or something is wrong with it. */
const answerTimeout = 60_000;
/** How long one look at whether it answers may take, in milliseconds; one that is on its way down may never answer. */
const lookTimeout = 5_000;
const maxLogBytes = 10_000_000;

/** Adopts the server that runs on the cluster, or starts one. Returns once it answers queries. */
export async function ensureServer(options: ServerOptions): Promise<RunningServer> {
  const deadline = Date.now() + patience;
  for (;;) {
    const running = await adopt(options);
    if (running !== undefined) return running;
    const started = await start(options);
    if (typeof started !== "string") return started;
    // Two first starts at once, or backends that outlive a killed postmaster by a moment.
    const transient = /lock file ".*" (already exists|is empty)|pre-existing shared memory block/.test(
      started,
    );
    if (!transient || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start on ${options.clusterDir}:\n${started}`);
    }
    await sleep(50);
  }
}

/**
 * A server outlives its Node process when that is killed: detached on purpose, so that Ctrl-C does not reach the
 * database before the requests are drained. The next start takes it over. That it accepts connections proves nothing,
 * since a dying one does too, so a query must succeed.
 */
async function adopt(options: ServerOptions): Promise<RunningServer | undefined> {
  let readySince: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const file = await readPidFile(options.clusterDir);
    if (file === undefined) return undefined;
    const kind = await inspectProcess(file.pid);
    if (kind === "dead") return undefined;
    if (kind === "other") {
      if (await removeStalePidFile(options.clusterDir, file)) return undefined;
      throw new Error(
        `${options.clusterDir}/postmaster.pid names process ${file.pid}, which is not PostgreSQL, while memory of the ` +
          "former server is still in use: end the processes named postgres, then start again.",
      );
    }
    const connection = endpointOf(file, options.endpoint);
    if (file.status === "ready" && (await answers(connection, file))) {
      return { pid: file.pid, connection, adopted: true };
    }
    if (file.status !== "ready") readySince = undefined;
    else if (Date.now() - (readySince ??= Date.now()) > answerTimeout) {
      throw new Error(
        `PostgreSQL (process ${file.pid}) runs on ${options.clusterDir} and does not answer queries.`,
      );
    }
    if (attempt % 200 === 0) options.log.info(`waiting for PostgreSQL (process ${file.pid}) to be ready`);
    await sleep(attempt < 20 ? 10 : 50);
  }
}

/** Returns the server's own words when it has ended instead. */
async function start(options: ServerOptions): Promise<RunningServer | string> {
  const { clusterDir, endpoint, log, logFile, owner, settings } = options;
  const written = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  if (written > maxLogBytes) await truncate(logFile);
  const output = await open(logFile, "a", 0o600);
  const before = (await output.stat()).size;
  const child = spawn(
    options.binaries.postgres,
    serverArguments(clusterPath(clusterDir, owner), endpoint, settings),
    {
      ...runAs(owner, clusterDir),
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
    },
  );
  // A spawn that fails gives no exit event, only an error.
  const ended = Promise.race([
    once(child, "exit"),
    once(child, "error").then(([error]: unknown[]) => [String(error)]),
  ]);
  let over: unknown[] | undefined;
  ended.then(
    (result) => (over = result),
    (error: unknown) => (over = [String(error)]),
  );
  child.unref();
  await output.close();

  for (let waited = 0; over === undefined; waited += 5) {
    const file = await readPidFile(clusterDir);
    if (file?.pid === child.pid && file?.status === "ready" && (await answers(endpoint, file))) {
      return { pid: file.pid, connection: endpoint, adopted: false };
    }
    // Recovery after a crash replays the WAL since the last checkpoint, which may take long on a slow disk.
    if (waited > 0 && waited % 10_000 === 0) log.info("waiting for PostgreSQL to be ready");
    await sleep(5);
  }
  const messages = (await readFile(logFile)).subarray(before).toString().trim();
  return messages === "" ? `it ended with ${over.join(" ")}` : messages;
}

/**
 * Whether the server answers and is the one that the pid file speaks of: it reads the file in its own data directory.
 * That our database may be missing does not matter yet.
 */
async function answers(connection: PostgresConnection, file: PidFile): Promise<boolean> {
  try {
    const rows = await queryOnce(
      { ...connection, database: "postgres" },
      "select split_part(pg_read_file('postmaster.pid'), E'\n', 1) as pid",
      [],
      lookTimeout,
    );
    return Number(rows[0]?.["pid"]) === file.pid;
  } catch (error) {
    // Wrong credentials never get better; everything else is a server on its way up or down.
    if (errorCode(error)?.startsWith("28")) throw error;
    return false;
  }
}
