import type { Log } from "../embedded/index.ts";
import { migrate } from "../migrate.ts";
import { migrations as allMigrations } from "../migrations/index.ts";
import { type ImportOptions, importDatabase } from "./import-database.ts";
import { type Manifest, readManifest } from "./manifest.ts";

export interface RestoreOptions extends ImportOptions {
  readonly log: Log;
  /** The migrations that this release knows, oldest first. @default all of the store's */
  readonly migrations?: typeof allMigrations;
}

/**
 * Restores an archive of this or an earlier release into a new database: creates the tables as they were when it was
 * written, fills them, and migrates the rows along with the tables to what this release needs.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<Manifest> {
  const { connection, log, source } = options;
  const known = options.migrations ?? allMigrations;
  const manifest = await readManifest(source);
  const unknown = manifest.migrations.filter((name) => !known.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `${source} was made by a newer release of asktell (${unknown.join(", ")}): restore it with that one`,
    );
  }
  await migrate({
    connection,
    log,
    migrations: known.filter(({ name }) => manifest.migrations.includes(name)),
  });
  await importDatabase(options);
  await migrate({ connection, log, migrations: known });
  return manifest;
}
