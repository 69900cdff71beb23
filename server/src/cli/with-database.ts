import type { Command } from "commander";
import { type Log, createLog } from "../log.ts";
import { hasDatabase } from "../store/embedded/index.ts";
import { migrate } from "../store/migrate.ts";
import { CommandError } from "./command-error.ts";
import { type OpenDatabase, openDatabase } from "./open-database.ts";
import { settle } from "./settings-options.ts";

/**
 * Runs a command on the database, whether or not a server uses it at the same time. There must be one, which is brought to its current schema:
 * in a directory that was mistyped a token would be made that no server knows. A command that fills a new database does both itself.
 */
export async function withDatabase(
  command: Command,
  use: (database: OpenDatabase, log: Log) => Promise<void>,
  { isNew }: { isNew: boolean } = { isNew: false },
): Promise<void> {
  const config = settle(command);
  const log = createLog({ level: config["log-level"], format: config["log-format"] });
  // What happens on the way is the server's business to tell; a command says what it was asked for.
  if (log.level === "info") log.level = "warn";
  const place = config["data-dir"];
  if (!isNew && config["database-url"] === undefined && !(await hasDatabase(place))) {
    throw new CommandError(
      `There is no database in ${place}: give the --data-dir or --database-url of the server, or start it first.`,
    );
  }
  const database = await openDatabase(config, log);
  try {
    if (!isNew) await migrate({ connection: database.connection, log });
    await use(database, log);
  } finally {
    await database.close();
  }
}
