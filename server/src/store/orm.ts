import { MikroORM } from "@mikro-orm/postgresql";
import { Migrator } from "@mikro-orm/migrations";
import { type ClientConfig, Client } from "pg";
import { entities } from "./entities/index.ts";
import { migrations } from "./migrations/index.ts";
import { poolConfig } from "./pool.ts";

export type Orm = MikroORM;

export interface OrmOptions {
  /** Where the database is, as `pg` takes it. */
  connection: ClientConfig;
  /**
   * Connections at most.
   *
   * @default 4
   */
  poolSize?: number;
  /**
   * The server cancels a statement after this time, ms.
   *
   * @default 5000
   */
  statementTimeoutMs?: number;
  /**
   * The migrations that `orm.migrator` knows, oldest first.
   *
   * @default all of the store's
   */
  migrations?: typeof migrations;
}

/**
 * MikroORM over the store's tables: for the schema, its migrations, and the paths where a millisecond does not matter.
 * Fork `orm.em` for each use. Never `em.begin` or `em.transactional`: a connection lost inside one can leak its place
 * in the pool; a flush is one statement an entity, and what must be atomic is one statement.
 */
export async function createOrm(options: OrmOptions): Promise<Orm> {
  const { connection, poolSize = 4, statementTimeoutMs } = options;
  const settings = poolConfig(connection, statementTimeoutMs === undefined ? {} : { statementTimeoutMs });
  // MikroORM reads with parsers of its own, and takes the size from `pool`.
  const { types: _types, max: _max, ...driverOptions } = settings;
  return MikroORM.init({
    entities,
    extensions: [Migrator],
    // MikroORM names the database in its own messages only: `driverOptions` have the last word on the connection.
    dbName: new Client(connection).database ?? "postgres",
    driverOptions,
    pool: { min: 0, max: poolSize },
    implicitTransactions: false,
    migrations: {
      // The list is the truth; there are no files to look for and no snapshot to compare with.
      migrationsList: options.migrations ?? migrations,
      tableName: "schema_migration",
      snapshot: false,
      // A migration that ran stays, although a later one fails.
      allOrNothing: false,
    },
    // The store's own log says what happened; MikroORM's would print to the console.
    logger: () => undefined,
  });
}
