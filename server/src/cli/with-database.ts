import type { Command } from "commander";
import { type Log, createLog } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { type OpenDatabase, openDatabase } from "./open-database.ts";
import { settle } from "./settings-options.ts";

/** Runs a command on the database, in its current schema, whether or not a server uses it at the same time. */
export async function withDatabase(
  command: Command,
  use: (database: OpenDatabase, log: Log) => Promise<void>,
  options: { migrate: boolean } = { migrate: true },
): Promise<void> {
  const config = settle(command);
  const log = createLog({ level: config["log-level"], format: config["log-format"] });
  // What happens on the way is the server's business to tell; a command says what it was asked for.
  if (log.level === "info") log.level = "warn";
  const database = await openDatabase(config, log);
  try {
    if (options.migrate) await migrate({ connection: database.connection, log });
    await use(database, log);
  } finally {
    await database.close();
  }
}
