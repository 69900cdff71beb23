import { setTimeout as sleep } from "node:timers/promises";
import { type ClientConfig, Client } from "pg";
import type { Log } from "./embedded/log.ts";
import { migrations } from "./migrations/index.ts";
import { createOrm } from "./orm.ts";

export interface MigrateOptions {
  /** Where the database is; not through a pooler that shares sessions, for the lock belongs to the session. */
  connection: ClientConfig;
  log: Log;
  /**
   * The migrations that this program knows, oldest first.
   *
   * @default all of the store's
   */
  migrations?: typeof migrations;
}

/** The database was written by a newer release than this program. */
export class SchemaTooNewError extends Error {
  override readonly name = "SchemaTooNewError";
}

/** The one advisory lock of the store, a number nobody else has: "asktell" in ASCII. */
const migrationLock = "27429978092432492";
const lockPollMs = 100;
/** An index over a hundred million rows takes its time. */
const migrationTimeoutMs = 24 * 3_600_000;

/**
 * Brings the schema up to what this program needs; answers the names of the migrations it ran. Any number of replicas
 * may call it at once: one migrates, the others wait and find nothing to do.
 *
 * The lock is polled, not waited for: a statement that waits holds a snapshot, and `create index concurrently` in a
 * migration would wait for that snapshot in turn, for ever.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const known = options.migrations ?? migrations;
  const client = new Client({
    connectionTimeoutMillis: 30_000,
    application_name: "asktell migrate",
    ...options.connection,
  });
  // A connection lost between two statements fails the next one; without a listener it would end the process.
  client.on("error", (error) =>
    options.log.warn(`database connection lost while migrating: ${error.message}`),
  );
  await client.connect();
  try {
    await lock(client, options.log);
    const done = await executed(client);
    refuseNewer(done, known);
    const pending = known.filter(({ name }) => !done.includes(name));
    if (pending.length > 0) {
      options.log.info(`migrating the database: ${pending.map(({ name }) => name).join(", ")}`);
      await run({ ...options, migrations: known });
    }
    await ensureDefaultProject(client);
    return pending.map(({ name }) => name);
  } finally {
    // Ending the session releases the lock.
    await client.end();
  }
}

async function lock(client: Client, log: Log): Promise<void> {
  for (let polls = 0; ; polls++) {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [
      migrationLock,
    ]);
    if (rows[0]?.held) return;
    if (polls % 100 === 10) log.info("waiting for another replica to finish migrating the database");
    await sleep(lockPollMs);
  }
}

async function executed(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ found: boolean }>(
    "select to_regclass('schema_migration') is not null as found",
  );
  if (!rows[0]?.found) return [];
  const names = await client.query<{ name: string }>("select name from schema_migration order by id");
  return names.rows.map(({ name }) => name);
}

function refuseNewer(done: string[], known: typeof migrations): void {
  const unknown = done.filter((name) => !known.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new SchemaTooNewError(
    `The database was migrated by a newer asktell (${unknown.join(", ")}); this one knows migrations up to ` +
      `${known.at(-1)?.name ?? "none"}. Start that release or a later one.`,
  );
}

async function run(options: Required<MigrateOptions>): Promise<void> {
  const orm = await createOrm({ ...options, poolSize: 1, statementTimeoutMs: migrationTimeoutMs });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close();
  }
}

/** Every token needs a project, and a first user should not have to make one. */
async function ensureDefaultProject(client: Client): Promise<void> {
  await client.query(
    `insert into project (name, display_name) select 'default', 'Default'
     where not exists (select from project where name = 'default') on conflict do nothing`,
  );
}
