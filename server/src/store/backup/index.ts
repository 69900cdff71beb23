/**
 * Backup and restore of the whole database as one archive of tables. One form for the embedded and for an external
 * server: it needs no superuser and no access to the server's files, and is the way to a new major version of PostgreSQL
 * as well. Copying the embedded server's files would be faster to restore and good for nothing else. What a server with a
 * very large database wants besides, such as point-in-time recovery, its own tools (WAL archiving, pg_dump) do better.
 */
export { type ExportOptions, type Progress, exportDatabase } from "./export-database.ts";
export { type ImportOptions, importDatabase } from "./import-database.ts";
export { type Manifest, readManifest } from "./manifest.ts";
export { type RestoreOptions, restoreDatabase } from "./restore-database.ts";
