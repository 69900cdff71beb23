import { mkdir, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { locateBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { ensureDatabase } from "./database.ts";
import { type PostgresConnection, chooseEndpoint, connectionUrl } from "./endpoint.ts";
import type { Log } from "./log.ts";
import { type Owner, chooseOwner, findBarrier } from "./owner.ts";
import { isUsedByOthers, showPresence } from "./presence.ts";
import { type RunningServer, type ServerOptions, ensureServer } from "./server.ts";
import type { ServerSettings } from "./settings.ts";
import { stopServer } from "./stop-server.ts";

export interface EmbeddedPostgresOptions {
  /** The database lives in `postgres/` below it, beside the server's log. Created when missing. */
  readonly dataDir: string;
  readonly log: Log;
  /** Further server settings, such as `fsync: "off"` for tests. They do not reach a server that runs already. */
  readonly settings?: ServerSettings;
  /** Directory of the platform package, for tests. @default the installed one */
  readonly packageDir?: string;
}

export interface EmbeddedPostgres {
  /** Good for the whole life of this object: a server that had to be started again listens in the same place. */
  readonly connection: PostgresConnection;
  readonly url: string;
  /** Process id of the server at this moment. */
  readonly pid: number;
  /** Whether the server was found running. */
  readonly adopted: boolean;
  /** Stops the server, unless another process uses it too. Call it when the pools are drained. */
  stop(): Promise<void>;
}

/**
 * Starts the real PostgreSQL on a directory, or joins the one that runs there, and keeps it running until `stop`.
 * Returns when the database `asktell` answers.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const dataDir = resolve(options.dataDir);
  const clusterDir = join(dataDir, "postgres");
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${dataDir} cannot be the data directory: ${cause.message}`, { cause });
  });
  const owner = await chooseOwner(clusterDir);
  const barrier = owner === undefined ? undefined : await findBarrier(dataDir, owner);
  if (owner !== undefined && barrier !== undefined) refuseUnlessLinux(dataDir, owner, barrier);

  const binaries = await locateBinaries({
    owner,
    // What the owner cannot reach he cannot run.
    stageRoot: barrier === undefined ? dataDir : rootsCache,
    log,
    ...(options.packageDir === undefined ? {} : { packageDir: options.packageDir }),
  });
  const settings = options.settings ?? {};
  await ensureCluster({ clusterDir, binaries, owner, log, sync: settings["fsync"] !== "off" });
  const server: ServerOptions = {
    clusterDir,
    binaries,
    owner,
    settings,
    log,
    endpoint: await chooseEndpoint(dataDir, owner),
    logFile: join(dataDir, "postgres.log"),
  };
  return keepRunning(server);
}

/** Where root keeps the copy of the programs when the data directory is closed to the user that runs them. */
const rootsCache = "/var/cache/asktell";

/** See `clusterPath` for what Linux does about it. */
function refuseUnlessLinux(dataDir: string, owner: Owner, barrier: string): void {
  if (process.platform === "linux") return;
  throw new Error(
    `PostgreSQL refuses to run as root, so it runs as the user ${owner.name}, who may not pass ${barrier} to reach ` +
      `${dataDir}. Choose a data directory elsewhere, such as /var/lib/asktell, or start asktell as another user.`,
  );
}

async function keepRunning(options: ServerOptions): Promise<EmbeddedPostgres> {
  let server = await ensureServer(options);
  const { adopted, connection } = server;
  await ensureDatabase(connection);
  // A restart listens where the pools look for it, even when it was adopted from elsewhere.
  const restart: ServerOptions = { ...options, endpoint: connection };

  let stopping = false;
  let returning: Promise<void> | undefined;
  const join = async () => showPresence(connection, () => void (returning ??= comeBack()));
  const comeBack = async () => {
    for (let delay = 50; !stopping; delay = Math.min(2 * delay, 5_000)) {
      try {
        server = await restartServer(restart);
        presence = await join();
        break;
      } catch (error) {
        options.log.warn(
          `PostgreSQL is not back yet: ${error instanceof Error ? error.message : String(error)}`,
        );
        await sleep(delay);
      }
    }
    returning = undefined;
  };
  let presence = await join();

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping = true;
    await returning;
    await presence.end().catch(() => {});
    const used = await isUsedByOthers(connection).catch(() => false);
    if (used) options.log.info("PostgreSQL goes on running: another process uses it");
    else {
      await stopServer(restart, server.pid);
      // The empty socket directory; whoever starts next makes it again.
      if (connection.host.startsWith("/")) await rmdir(connection.host).catch(() => {});
    }
  };
  return {
    connection,
    url: connectionUrl(connection),
    adopted,
    get pid() {
      return server.pid;
    },
    stop: () => (stopped ??= stop()),
  };
}

async function restartServer(options: ServerOptions): Promise<RunningServer> {
  const server = await ensureServer(options);
  if (!server.adopted)
    options.log.warn(`PostgreSQL had stopped and was started again (process ${server.pid})`);
  return server;
}
