import { type Socket, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { testServer, useTestPostgres } from "../../../test/support/postgres.ts";
import { closePool, createPool, withTransaction } from "./pool.ts";

const max = 4;
const database = useTestPostgres();
let pool: pg.Pool;
let idleErrors: Error[];

beforeAll(async () => {
  const setup = createPool(database.connection);
  await setup.query("create table entry (id int primary key)");
  await closePool(setup);
});
beforeEach(() => {
  idleErrors = [];
  pool = createPool(database.connection, {
    max,
    applicationName: "pool test",
    statementTimeoutMs: 3_000,
    lockTimeoutMs: 200,
    idleInTransactionTimeoutMs: 1_000,
    // Long enough for a busy machine; the tests of a full pool and a dead network wait for it once each.
    connectTimeoutMs: 1_500,
    onIdleError: (error) => idleErrors.push(error),
  });
});
afterEach(async () => {
  if (!pool.ending) await closePool(pool);
});

async function killBackends(): Promise<void> {
  const client = new pg.Client({ ...testServer() });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pool test'",
  );
  await client.end();
}

const inUse = () => pool.totalCount - pool.idleCount;

test("a transaction that returns is committed, and one that throws leaves nothing", async () => {
  await withTransaction(pool, (client) => client.query("insert into entry values (1)"));
  const failure = withTransaction(pool, async (client) => {
    await client.query("insert into entry values (2)");
    throw new Error("changed my mind");
  });
  await expect(failure).rejects.toThrow("changed my mind");
  expect((await pool.query("select id from entry")).rows).toEqual([{ id: 1 }]);
  expect(inUse()).toBe(0);
});

test("a transaction whose failed statement was caught inside is reported as rolled back", async () => {
  const swallowed = withTransaction(pool, async (client) => {
    await client.query("insert into entry values (3)");
    await client.query("select 1 / 0").catch(() => {});
  });
  await expect(swallowed).rejects.toThrow("rolled back");
  expect((await pool.query("select 1 from entry where id = 3")).rowCount).toBe(0);
});

test("isolation and read only reach the server", async () => {
  const options = { isolation: "repeatable read", readOnly: true } as const;
  const settings = await withTransaction(
    pool,
    async (client) =>
      (
        await client.query(
          "select current_setting('transaction_isolation') as i, current_setting('transaction_read_only') as r",
        )
      ).rows,
    options,
  );
  expect(settings).toEqual([{ i: "repeatable read", r: "on" }]);
  await expect(
    withTransaction(pool, (client) => client.query("delete from entry"), options),
  ).rejects.toMatchObject({
    code: "25006",
  });
});

test("killing every backend in the middle of transactions leaks no place of the pool", async () => {
  for (let round = 0; round < 2 * max; round++) {
    const transactions = Array.from({ length: 2 * max }, () =>
      withTransaction(pool, async (client) => {
        await client.query("select 1");
        // The first half waits between two statements, the second half inside one.
        if (round % 2 === 0) await sleep(50);
        await client.query("select pg_sleep(0.1)");
      }),
    );
    const settled = Promise.allSettled(transactions);
    await sleep(20);
    await killBackends();
    const outcomes = await settled;
    expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBeGreaterThanOrEqual(max);
  }
  expect(inUse()).toBe(0);
  expect(pool.waitingCount).toBe(0);
  // All of its places can be used at once again.
  await Promise.all(
    Array.from({ length: max }, () => withTransaction(pool, (client) => client.query("select 1"))),
  );
  const start = performance.now();
  expect(await closePool(pool, 5_000)).toBe(true);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("idle connections that are killed are replaced without the caller's notice", async () => {
  await Promise.all(Array.from({ length: max }, () => pool.query("select pg_sleep(0.05)")));
  expect(pool.idleCount).toBe(max);
  await killBackends();
  await expect.poll(() => idleErrors.length).toBe(max);
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("with all connections in use a caller is refused in time instead of hanging", async () => {
  const held = Promise.all(Array.from({ length: max }, () => pool.query("select pg_sleep(2.8)")));
  await expect(pool.query("select 1")).rejects.toThrow("timeout exceeded");
  await held;
});

test("a statement, a lock and a silent transaction each end at their limit", async () => {
  await expect(pool.query("select pg_sleep(10)")).rejects.toMatchObject({ code: "57014" });
  await withTransaction(pool, async (client) => {
    await client.query("lock table entry");
    await expect(pool.query("insert into entry values (9)")).rejects.toMatchObject({ code: "55P03" });
  });
  const silent = withTransaction(pool, async (client) => {
    await client.query("select 1");
    await sleep(1_300);
    await client.query("select 1");
  });
  await expect(silent).rejects.toThrow(/terminat|not queryable/);
  expect(inUse()).toBe(0);
});

test("a network that swallows everything without a word costs a caller its deadline, and the pool recovers", async () => {
  const proxy = await startProxy(database.connection);
  const remote = createPool(
    { ...database.connection, host: "127.0.0.1", port: proxy.port },
    { max: 2, statementTimeoutMs: 200, networkGraceMs: 300, connectTimeoutMs: 1_000 },
  );
  await Promise.all([remote.query("select 1"), remote.query("select 1")]);
  proxy.stall(true);
  const start = performance.now();
  const calls = await Promise.allSettled([1, 2, 3, 4].map(() => remote.query("select 1")));
  expect(calls.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
  expect(performance.now() - start).toBeLessThan(20_000);
  proxy.stall(false);
  expect((await remote.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(remote.totalCount - remote.idleCount).toBe(0);
  expect(await closePool(remote)).toBe(true);
  proxy.close();
});

test("closing does not wait for ever for a connection that nobody returns", async () => {
  const client = await pool.connect();
  expect(await closePool(pool, 100)).toBe(false);
  client.release();
});

/** Forwards to the server, or, while stalled, takes bytes and connections and does nothing with them. */
async function startProxy(server: { readonly host: string; readonly port: number }) {
  const sockets = new Set<Socket>();
  let stalled = false;
  const proxy = createServer((client) => {
    const upstream = connect(`${server.host}/.s.PGSQL.${server.port}`);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.on("data", (bytes) => void (stalled || to.write(bytes)));
    }
  });
  await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    stall: (now: boolean) => void (stalled = now),
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
