import { readAll, readArchive } from "./archive.ts";

/** Raised when archives can no longer be read by what came before. */
const formatVersion = 1;

/** What an archive holds; its first part. */
export interface Manifest {
  readonly format: "asktell-backup";
  readonly formatVersion: number;
  /** When its snapshot was taken, by the database's clock: RFC 3339. */
  readonly createdAt: string;
  /** Of PostgreSQL, for people: rows travel as text, which every version reads. */
  readonly serverVersion: string;
  /** Names of the migrations that made the tables, oldest first. */
  readonly migrations: readonly string[];
  /** In the order in which they can be filled: tables that others refer to come first. */
  readonly tables: readonly TableShape[];
  readonly sequences: readonly SequenceState[];
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface SequenceState {
  readonly name: string;
  /** Decimal digits: it may be larger than a double holds. */
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** The last part: without it the archive was cut off. */
export interface Summary {
  readonly rows: Readonly<Record<string, number>>;
}

export const manifestName = "manifest.json";
export const summaryName = "summary.json";
/** Rows of a table as COPY's text, cut anywhere; the parts of a table follow each other. */
export const partName = (table: string, part: number) =>
  `tables/${table}/${String(part).padStart(6, "0")}.copy`;
/** The table whose rows a part holds, or undefined when it holds something else. */
export const tableOfPart = (name: string) => /^tables\/(.+)\/\d+\.copy$/.exec(name)?.[1];

export function createManifest(fields: Omit<Manifest, "format" | "formatVersion">): Manifest {
  return { format: "asktell-backup", formatVersion, ...fields };
}

export function encode(value: Manifest | Summary): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Reads what an archive holds without reading its rows. */
export async function readManifest(source: string): Promise<Manifest> {
  for await (const { name, content } of readArchive(source)) {
    return parseManifest(name, await readAll(content), source);
  }
  throw new Error(`${source} is empty`);
}

export function parseManifest(name: string, content: Buffer, source: string): Manifest {
  const manifest = name === manifestName ? (JSON.parse(content.toString()) as Partial<Manifest>) : undefined;
  if (manifest?.format !== "asktell-backup") throw new Error(`${source} is not a backup of asktell`);
  if (manifest.formatVersion !== formatVersion) {
    throw new Error(
      `${source} has format ${manifest.formatVersion}, and this release reads ${formatVersion}`,
    );
  }
  // Our own writer's format and version from here on.
  return manifest as Manifest;
}
