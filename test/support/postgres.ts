import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { type PostgresConnection, connectionUrl } from "../../server/src/store/embedded/index.ts";

/** A database that many test files start from, made once in a run. */
export interface TestTemplate {
  /** Identifies it within the run. */
  readonly name: string;
  /** Fills the empty database, such as by running the migrations; must close its own connections. */
  build(connection: PostgresConnection, url: string): Promise<void>;
}

export interface TestDatabase {
  readonly connection: PostgresConnection;
  readonly url: string;
  /** Drops it, ending the connections that are still open. */
  drop(): Promise<void>;
}

/**
 * Gives a test file a database of its own for the time of its tests; read `connection` or `url` inside hooks and tests.
 *
 * @example
 * const database = useTestPostgres({ name: "migrated", build: (connection) => migrate(connection) });
 * test("…", async () => { const pool = createPool(database.connection); … });
 */
export function useTestPostgres(template?: TestTemplate): Omit<TestDatabase, "drop"> {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase(template);
  });
  afterAll(async () => {
    await database?.drop();
  });
  const current = () => {
    if (database === undefined) throw new Error("the test database exists inside hooks and tests only");
    return database;
  };
  return {
    get connection() {
      return current().connection;
    },
    get url() {
      return current().url;
    },
  };
}

/** Creates one more database, for tests that need several or a fresh one each: about 30 ms. */
export async function createTestDatabase(template?: TestTemplate): Promise<TestDatabase> {
  const server = testServer();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await withClient(server, async (client) => {
    const source = template === undefined ? "template0" : await ensureTemplate(client, server, template);
    await client.query(`create database ${name} template ${source} strategy file_copy`);
  });
  const connection = { ...server, database: name };
  return {
    connection,
    url: connectionUrl(connection),
    drop: () =>
      withClient(server, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

/** Superuser connection to the run's server, for tests that end backends or look into pg_stat_activity. */
export function testServer(): PostgresConnection {
  const url = new URL(inject("postgresUrl"));
  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    database: "postgres",
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
  };
}

async function ensureTemplate(
  client: pg.Client,
  server: PostgresConnection,
  template: TestTemplate,
): Promise<string> {
  const name = `template_${template.name.replace(/\W/g, "_").toLowerCase()}`;
  // Test files run in several processes: one builds, the others wait.
  await client.query("select pg_advisory_lock(hashtext($1))", [name]);
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) {
      const building = `${name}_building`;
      await client.query(`drop database if exists ${building} with (force)`);
      await client.query(`create database ${building} template template0`);
      const connection = { ...server, database: building };
      await template.build(connection, connectionUrl(connection));
      await client.query(`alter database ${building} rename to ${name}`);
    }
  } finally {
    await client.query("select pg_advisory_unlock(hashtext($1))", [name]);
  }
  return name;
}

async function withClient<T>(
  connection: PostgresConnection,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
