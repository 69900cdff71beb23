import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { typeParsers } from "./type-parsers.ts";

export interface PoolOptions {
  /**
   * Connections at most. Coalesced statements need 2 to 4; single ones need more, because commits of several
   * connections share one flush to disk (64 callers: 4 connections 600/s, 20 connections 3,000/s). The sum over all
   * replicas must stay below the server's max_connections.
   *
   * @default 10
   */
  readonly max?: number;
  /** Shown in pg_stat_activity. @default "asktell" */
  readonly applicationName?: string;
  /** The server cancels a statement after this time, ms. Exports want a pool of their own with more. @default 5000 */
  readonly statementTimeoutMs?: number;
  /**
   * A statement that has no answer this long after its timeout is given up with its connection, ms: through a network
   * that drops packets without a word, the server's own timeout cannot be heard.
   *
   * @default 3000
   */
  readonly networkGraceMs?: number;
  /** A statement waits this long for a row that another one has locked, ms. @default 2000 */
  readonly lockTimeoutMs?: number;
  /** The server ends a session that does nothing inside a transaction, ms: it holds locks. @default 5000 */
  readonly idleInTransactionTimeoutMs?: number;
  /** How long to wait for a free or new connection, ms; pg's own default is for ever. @default 3000 */
  readonly connectTimeoutMs?: number;
  /** Further settings of each session, such as `jit: "off"`. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears of idle connections that broke; the pool has replaced them already. @default nobody */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * The settings of a pool over one database.
 *
 * The timeouts travel as start-up parameters, so a pooler such as PgBouncer must know them or be told to
 * `ignore_startup_parameters`.
 */
export function poolConfig(connection: pg.ClientConfig, options: PoolOptions = {}): pg.PoolConfig {
  const statementTimeout = options.statementTimeoutMs ?? 5_000;
  return {
    ...connection,
    types: typeParsers,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "asktell",
    connectionTimeoutMillis: options.connectTimeoutMs ?? 3_000,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + (options.networkGraceMs ?? 3_000),
    lock_timeout: options.lockTimeoutMs ?? 2_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 5_000,
    ...(options.settings === undefined ? {} : { options: startupOptions(options.settings) }),
    // Finds a dead peer under an idle connection, and keeps firewalls from forgetting it.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A burst's connections go after a while; each costs the server 2 MB or more.
    idleTimeoutMillis: 30_000,
    // Moves connections to a new primary or a new address after a failover, and bounds what a backend's caches grow to.
    maxLifetimeSeconds: 1_800,
  };
}

/** Settings as libpq writes them into the start-up packet. */
function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/**
 * Settings for the pool of the hot paths, whose statements find every row by its key. A plan is made once a connection and kept; made
 * while a table is empty, it would read the whole table, and keep doing so when there are a million rows. So the planner may not
 * read tables, and the statements name the keys that they touch as arrays, look them up in lateral subqueries (`offset 0` or a lock
 * keeps those from being turned into joins), or join them by the whole key with a list that holds it, so that an index look-up by the whole
 * key is the only way left.
 */
export const keyLookups = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  enable_mergejoin: "off",
  jit: "off",
} as const;

/** Creates a pool. It connects at the first query. */
export function createPool(connection: pg.ClientConfig, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool(poolConfig(connection, options));
  // A connection that breaks while idle is an event, and one without a listener would end the process.
  pool.on("error", (error) => options.onIdleError?.(error));
  return pool;
}

/**
 * Ends the pool once its connections are returned. Answers false when some were not within the time (ms): whoever
 * shuts down must not wait for ever for a caller that hangs.
 */
export async function closePool(pool: pg.Pool, timeoutMs = 5_000): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([pool.end().then(() => true), late]);
  } finally {
    timer.abort();
  }
}

export interface TransactionOptions {
  /** @default the server's own, read committed */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** @default false */
  readonly readOnly?: boolean;
}

/**
 * Runs `use` in one transaction: committed when it returns, rolled back when it throws. Keep everything but statements
 * out of it. On any failure the connection is thrown away with the error: a broken one that went back to the pool
 * would hold its place for ever, and ending it is what rolls back.
 */
export async function withTransaction<T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  // The pool listens while a connection is idle only. The statement that is running, or the next one, reports it.
  const ignore = () => {};
  client.on("error", ignore);
  try {
    await client.query(begin(options));
    const result = await use(client);
    const end = await client.query("commit");
    // What the server answers to commit when an error inside was caught and not rethrown: nothing was committed.
    if (end.command === "ROLLBACK")
      throw new Error("the transaction was rolled back: a statement in it had failed");
    client.release();
    return result;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  } finally {
    client.off("error", ignore);
  }
}

function begin({ isolation, readOnly }: TransactionOptions): string {
  return `begin${isolation === undefined ? "" : ` isolation level ${isolation}`}${readOnly ? " read only" : ""}`;
}
