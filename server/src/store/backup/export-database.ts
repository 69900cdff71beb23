import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { type ArchiveWriter, createArchive } from "./archive.ts";
import { portableText, readMigrations, readSequences, readTables } from "./catalog.ts";
import {
  type Manifest,
  type TableShape,
  createManifest,
  encode,
  manifestName,
  partName,
  summaryName,
} from "./manifest.ts";

/** Rows of a table that are held in memory before they are written, in bytes. */
const partBytes = 4 * 1024 * 1024;

export interface Progress {
  readonly table: string;
  readonly rows: number;
  /** Uncompressed. */
  readonly bytes: number;
}

export interface ExportOptions {
  readonly connection: pg.ClientConfig;
  /** The `.tar.gz` to write; must not exist. */
  readonly target: string;
  /** Called when a table is done. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Writes all tables of the database into one archive while everybody goes on working: what it holds is one snapshot,
 * taken when it begins, so everything that was acknowledged before is in it. It needs no more than the right to read,
 * works with every server, and can be imported into another major version of PostgreSQL.
 */
export async function exportDatabase(options: ExportOptions): Promise<Manifest> {
  const client = new pg.Client({
    connectionTimeoutMillis: 30_000,
    ...options.connection,
    application_name: "asktell backup",
  });
  // The statement that is running reports it.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(portableText);
    const archive = await createArchive(options.target);
    try {
      const manifest = await writeDatabase(client, archive, options.onProgress ?? (() => {}));
      await archive.finish();
      return manifest;
    } catch (error) {
      await archive.abandon();
      throw error;
    }
  } finally {
    await client.end();
  }
}

async function writeDatabase(
  client: pg.Client,
  archive: ArchiveWriter,
  onProgress: (progress: Progress) => void,
): Promise<Manifest> {
  const { rows } = await client.query<{ now: Date; version: string }>(
    "select now(), current_setting('server_version') as version",
  );
  const manifest = createManifest({
    createdAt: rows[0]?.now.toISOString() ?? "",
    serverVersion: rows[0]?.version ?? "",
    migrations: await readMigrations(client),
    tables: await readTables(client),
    // Sequences stand outside of the snapshot: at or beyond every row in it, which is what matters.
    sequences: await readSequences(client),
  });
  await archive.add(manifestName, encode(manifest));
  const counts: Record<string, number> = {};
  for (const table of manifest.tables) {
    const progress = await writeTable(client, archive, table);
    counts[table.name] = progress.rows;
    onProgress(progress);
  }
  await archive.add(summaryName, encode({ rows: counts }));
  return manifest;
}

async function writeTable(client: pg.Client, archive: ArchiveWriter, table: TableShape): Promise<Progress> {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(", ");
  // A query, because COPY of a partitioned table by name came with PostgreSQL 18 only.
  const stream = client.query(
    copyTo(`copy (select ${columns} from ${client.escapeIdentifier(table.name)}) to stdout`),
  );
  let parts = 0;
  let bytes = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const flush = async () => {
    await archive.add(partName(table.name, parts++), Buffer.concat(held));
    [held, heldBytes] = [[], 0];
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held.push(chunk);
    heldBytes += chunk.byteLength;
    bytes += chunk.byteLength;
    if (heldBytes >= partBytes) await flush();
  }
  if (heldBytes > 0) await flush();
  return { table: table.name, rows: stream.rowCount, bytes };
}
