import { Command } from "commander";
import { restoreDatabase } from "../store/backup/index.ts";
import { archiveFile } from "./archive-file.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withDatabase } from "./with-database.ts";

/** `asktell restore` */
export function restoreCommand(): Command {
  const command = new Command("restore")
    .description(
      "Fills a new, empty database from an archive of `asktell backup`, of this or an earlier release.",
    )
    .argument("<file>", "the archive to read", archiveFile);
  return addSettings(command, databaseSettings).action((file: string) =>
    withDatabase(
      command,
      async ({ connection, place }, log) => {
        const { createdAt } = await restoreDatabase({ connection, log, source: file });
        console.error(`Restored ${place} as it was at ${createdAt}.`);
      },
      { isNew: true },
    ),
  );
}
