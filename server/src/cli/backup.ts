import { Command } from "commander";
import { exportDatabase } from "../store/backup/index.ts";
import { archiveFile } from "./archive-file.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withDatabase } from "./with-database.ts";

/** `asktell backup` */
export function backupCommand(): Command {
  const command = new Command("backup")
    .description(
      "Writes the whole database into one archive while servers go on working. It holds all that was acknowledged before.",
    )
    .argument("<file>", "the archive to write, such as asktell.tar.gz; must not exist", archiveFile);
  return addSettings(command, databaseSettings).action((file: string) =>
    withDatabase(command, async ({ connection }) => {
      let rows = 0;
      await exportDatabase({
        connection,
        target: file,
        onProgress: (table) => void (rows += table.rows),
      });
      console.error(`Wrote ${rows} rows to ${file}.`);
    }),
  );
}
