import { type ClientConfig, Client } from "pg";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { startEmbeddedPostgres } from "../store/embedded/index.ts";
import { CommandError } from "./command-error.ts";

/** A database that answers, for as long as it is open. */
export interface OpenDatabase {
  readonly connection: ClientConfig;
  /** For people: where the data is. */
  readonly place: string;
  /** Ends the embedded server, unless another process uses it. */
  close(): Promise<void>;
}

/** Joins or starts the embedded database, or reaches the one that `database-url` names. */
export async function openDatabase(config: Config, log: Log): Promise<OpenDatabase> {
  const url = config["database-url"];
  if (url !== undefined) {
    const connection = { connectionString: url };
    await reach(connection);
    const { host, port, database } = new Client(connection);
    return { connection, place: `PostgreSQL at ${host}:${port}/${database}`, close: () => Promise.resolve() };
  }
  const server = await startEmbeddedPostgres({ dataDir: config["data-dir"], log });
  return { connection: { ...server.connection }, place: config["data-dir"], close: () => server.stop() };
}

/** Connects once, so that a wrong address or password is explained rather than tried for long. */
async function reach(connection: ClientConfig): Promise<void> {
  const client = new Client({ connectionTimeoutMillis: 5_000, ...connection, application_name: "asktell" });
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    const { host, port, database, user } = client;
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new CommandError(
      `Cannot use the database "${database}" at ${host}:${port} as user "${user}": ${reason}. ` +
        "DATABASE_URL (or --database-url) names it; without one asktell brings its own.",
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
