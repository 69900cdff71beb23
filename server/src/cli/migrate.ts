import { Command } from "commander";
import { createLog } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { openDatabase } from "./open-database.ts";
import { addSettings, databaseSettings, settle } from "./settings-options.ts";

/** `asktell migrate`: `serve` does the same at its start; this is for those who want it done before. */
export function migrateCommand(): Command {
  const command = new Command("migrate").description(
    "Brings the database's schema up to this release, and ends. `serve` does the same at its start.",
  );
  return addSettings(command, databaseSettings).action(async () => {
    const config = settle(command);
    const log = createLog({ level: config["log-level"], format: config["log-format"] });
    const database = await openDatabase(config, log);
    try {
      const ran = await migrate({ connection: database.connection, log });
      console.log(ran.length === 0 ? "The schema is up to date." : `Migrated: ${ran.join(", ")}.`);
    } finally {
      await database.close();
    }
  });
}
