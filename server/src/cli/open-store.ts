import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Config } from "../config.ts";
import { type Identity, createIdentity } from "../identity/index.ts";
import type { Log } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { createOrm } from "../store/orm.ts";
import { closePool, createPool, keyLookups } from "../store/pool.ts";
import { openDatabase } from "./open-database.ts";
import { readProvider } from "./read-provider.ts";

/** The database of a server, with all that speaks to it. */
export interface OpenStore {
  /** For people. */
  readonly place: string;
  /** Asks, reports and tells. */
  readonly hot: Pool;
  /** Everything else, so that a slow list cannot keep a tell waiting. */
  readonly cold: Pool;
  readonly identity: Identity;
}

/** How long the object mapper may take to close; it waits for ever for a connection that nobody returns. */
const closeMs = 5_000;

/** Containers start in any order: the database may come a while after us. */
const patienceMs = 60_000;

/** Opens and migrates the database. What is opened goes onto `opened`, to be closed in reverse. */
export async function openStore(config: Config, log: Log, opened: AsyncDisposableStack): Promise<OpenStore> {
  const database = await openDatabase(config, log, patienceMs);
  opened.defer(() => database.close());
  const { connection, place } = database;
  await migrate({ connection, log });

  const sizes = splitConnections(config["database-connections"]);
  const onIdleError = (error: Error) => log.warn(`an idle database connection broke: ${error.message}`);
  const hot = createPool(connection, { max: sizes.hot, onIdleError, settings: keyLookups });
  opened.defer(async () => void (await closePool(hot)));
  const cold = createPool(connection, { max: sizes.cold, onIdleError });
  opened.defer(async () => void (await closePool(cold)));
  const orm = await createOrm({ connection, poolSize: sizes.orm });
  opened.defer(() => Promise.race([orm.close(), sleep(closeMs, undefined, { ref: false })]));
  const identity = createIdentity({
    orm,
    log,
    provider: readProvider(config),
    groupRoles: config["oidc-group-roles"],
    sessionTimes: {
      lifetimeMs: config["session-lifetime"],
      idleMs: config["session-idle"],
      checkMs: config["oidc-refresh"],
    },
    auditDays: config["audit-days"] || undefined,
    rateLimits: {
      reads: config["limit-reads"],
      writes: config["limit-writes"],
      address: config["limit-address"],
      failures: config["limit-failures"],
    },
  });
  opened.defer(() => identity.stop());
  return { place, hot, cold, identity };
}

/** Most for the hot paths, whose commits share flushes to disk the better the more there are at once. */
export function splitConnections(total: number): { hot: number; cold: number; orm: number } {
  const orm = Math.max(1, Math.floor(total * 0.15));
  const cold = Math.max(2, Math.floor(total * 0.25));
  return { hot: total - cold - orm, cold, orm };
}
