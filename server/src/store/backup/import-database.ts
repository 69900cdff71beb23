import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type ArchivePart, readAll, readArchive } from "./archive.ts";
import { portableText, readMigrations, readTables } from "./catalog.ts";
import type { Progress } from "./export-database.ts";
import {
  type Manifest,
  type Summary,
  type TableShape,
  parseManifest,
  summaryName,
  tableOfPart,
} from "./manifest.ts";

export interface ImportOptions {
  readonly connection: pg.ClientConfig;
  /** The `.tar.gz` that `exportDatabase` has written. */
  readonly source: string;
  /**
   * Tables that hold rows as soon as the database is migrated; those rows are replaced. All others must be empty.
   *
   * @default ["project"], which has the default project
   */
  readonly seeded?: readonly string[];
  /** Called when a table is done. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Fills a freshly migrated database from an archive, in one transaction: on any failure it stays as it was. The
 * migrations must be those that had run when the archive was written (`restoreDatabase` sees to that).
 */
export async function importDatabase(options: ImportOptions): Promise<Manifest> {
  const client = new pg.Client({
    connectionTimeoutMillis: 30_000,
    ...options.connection,
    application_name: "asktell restore",
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("begin");
    await client.query(portableText);
    const manifest = await readDatabase(client, options);
    await client.query("commit");
    // The planner knows nothing yet about what came in.
    for (const { name } of manifest.tables) await client.query(`analyze ${client.escapeIdentifier(name)}`);
    return manifest;
  } finally {
    // Ending the session rolls back what was not committed.
    await client.end();
  }
}

async function readDatabase(client: pg.Client, options: ImportOptions): Promise<Manifest> {
  const { source } = options;
  const parts = readArchive(source);
  try {
    const first = await parts.next();
    if (first.done === true) throw new Error(`${source} is empty`);
    const manifest = parseManifest(first.value.name, await readAll(first.value.content), source);
    await prepare(client, manifest, options);
    const counts = await readParts(client, manifest, parts, options.onProgress ?? (() => {}));
    if (counts === undefined) throw new Error(`${source} is incomplete: its end is missing`);
    for (const { name, lastValue, isCalled } of manifest.sequences) {
      await client.query("select setval($1::regclass, $2, $3)", [
        client.escapeIdentifier(name),
        lastValue,
        isCalled,
      ]);
    }
    return manifest;
  } finally {
    await parts.return(undefined);
  }
}

/** Checks that the archive fits and destroys nothing, and keeps everybody out until it is in. */
async function prepare(client: pg.Client, manifest: Manifest, options: ImportOptions): Promise<void> {
  const migrations = await readMigrations(client);
  if (migrations.join() !== manifest.migrations.join()) {
    throw new Error(
      `the backup was made after the migrations ${manifest.migrations.join(", ") || "(none)"}, and the database has had ` +
        `${migrations.join(", ") || "(none)"}: restore into a new database`,
    );
  }
  const tables = await readTables(client);
  const shape = (all: readonly TableShape[]) =>
    all
      .map(({ name, columns }) => `${name}(${columns.join()})`)
      .sort()
      .join(" ");
  if (shape(tables) !== shape(manifest.tables)) {
    throw new Error("the tables of the database are not those of the backup: restore into a new database");
  }
  const seeded = options.seeded ?? ["project"];
  const name = (table: TableShape) => client.escapeIdentifier(table.name);
  if (tables.length > 0) await client.query(`lock table ${tables.map(name).join(", ")} in exclusive mode`);
  await client.query("set constraints all deferred");
  // Referring tables first.
  for (const table of tables.toReversed()) {
    if (seeded.includes(table.name)) {
      await client.query(`delete from ${name(table)}`);
      continue;
    }
    const { rowCount } = await client.query(`select from ${name(table)} limit 1`);
    if (rowCount !== 0) throw new Error(`the database is not empty: the table ${table.name} has rows`);
  }
}

/** Returns the rows of each table, or undefined when the archive ended too early. */
async function readParts(
  client: pg.Client,
  manifest: Manifest,
  parts: AsyncGenerator<ArchivePart>,
  onProgress: (progress: Progress) => void,
): Promise<Summary["rows"] | undefined> {
  const counts: Record<string, number> = Object.fromEntries(manifest.tables.map(({ name }) => [name, 0]));
  let complete = false;
  for (let next = await parts.next(); next.done !== true;) {
    if (next.value.name === summaryName) {
      const { rows } = JSON.parse((await readAll(next.value.content)).toString()) as Summary;
      const wrong = Object.keys(counts).find((table) => rows[table] !== counts[table]);
      if (wrong !== undefined) {
        throw new Error(`the backup has ${counts[wrong]} rows of ${wrong} instead of ${rows[wrong]}`);
      }
      complete = true;
      // To the very end, where gzip's checksum is.
      next = await parts.next();
      continue;
    }
    const table = manifest.tables.find(({ name }) => name === tableOfPart(next.value.name));
    if (table === undefined) throw new Error(`the backup has an unknown part ${next.value.name}`);
    const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(", ");
    const copy = client.query(
      copyFrom(`copy ${client.escapeIdentifier(table.name)} (${columns}) from stdin`),
    );
    let bytes = 0;
    // All parts of one table go into one COPY, since they are cut in the middle of rows.
    const rows = async function* () {
      while (next.done !== true && tableOfPart(next.value.name) === table.name) {
        for await (const chunk of next.value.content) {
          bytes += chunk.byteLength;
          yield chunk;
        }
        next = await parts.next();
      }
    };
    await pipeline(rows, copy).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`the rows of ${table.name} cannot be imported: ${reason}`, { cause: error });
    });
    counts[table.name] = copy.rowCount;
    onProgress({ table: table.name, rows: copy.rowCount, bytes });
  }
  return complete ? counts : undefined;
}
