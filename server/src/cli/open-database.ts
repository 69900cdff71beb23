import { setTimeout as sleep } from "node:timers/promises";
import { type ClientConfig, Client } from "pg";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { startEmbeddedPostgres } from "../store/embedded/index.ts";
import { classify } from "../store/retry.ts";
import { CommandError } from "./command-error.ts";

/** A database that answers, for as long as it is open. */
export interface OpenDatabase {
  readonly connection: ClientConfig;
  /** For people: where the data is. */
  readonly place: string;
  /** Ends the embedded server, unless another process uses it. */
  close(): Promise<void>;
}

/**
 * Joins or starts the embedded database, or reaches the one that `database-url` names.
 *
 * @param patienceMs - how long to wait for a database server that is not there yet
 */
export async function openDatabase(config: Config, log: Log, patienceMs = 0): Promise<OpenDatabase> {
  const url = config["database-url"];
  if (url !== undefined) {
    const connection = { connectionString: url };
    await reach(connection, log, patienceMs);
    const { host, port, database } = new Client(connection);
    return { connection, place: `PostgreSQL at ${host}:${port}/${database}`, close: () => Promise.resolve() };
  }
  const server = await startEmbeddedPostgres({ dataDir: config["data-dir"], log });
  return { connection: { ...server.connection }, place: config["data-dir"], close: () => server.stop() };
}

const pollMs = 500;

/** Waits for the server to accept connections; a wrong password or name is explained at once. */
async function reach(connection: ClientConfig, log: Log, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    const problem = await tryConnection(connection);
    if (problem === undefined) return;
    if (!problem.isPassing || performance.now() > deadline) throw problem.error;
    if (attempt === 0) log.warn(`${problem.error.message} Waiting for it.`);
    await sleep(pollMs);
  }
}

async function tryConnection(connection: ClientConfig) {
  const client = new Client({ connectionTimeoutMillis: 5_000, ...connection, application_name: "asktell" });
  try {
    await client.connect();
    await client.query("select 1");
    return undefined;
  } catch (error) {
    const { host, port, database, user } = client;
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    const message =
      `Cannot use the database "${database}" at ${host}:${port} as user "${user}": ${reason}. ` +
      "DATABASE_URL (or --database-url) names it; without one asktell brings its own.";
    const kind = classify(error);
    return {
      error: new CommandError(message, { cause: error }),
      isPassing: kind === "unreachable" || kind === "lost",
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}
