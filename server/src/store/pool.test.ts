import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import pg from "pg";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { testServer, useTestPostgres } from "../../../test/support/postgres.ts";
import { type PoolOptions, closePool, createPool, withTransaction } from "./pool.ts";

const max = 4;
/** An end for what hangs on a busy machine, no bar; ms. */
const patience = 60_000;
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
  pool = create();
});
afterEach(async () => {
  if (!pool.ending) await closePool(pool);
});

/** A pool without a limit that a busy machine could reach, but for those that the test is about. */
function create(limits: PoolOptions = {}): pg.Pool {
  return createPool(database.connection, {
    max,
    applicationName: "pool test",
    statementTimeoutMs: patience,
    lockTimeoutMs: patience,
    idleInTransactionTimeoutMs: patience,
    connectTimeoutMs: patience,
    onIdleError: (error) => idleErrors.push(error),
    ...limits,
  });
}

/** Ends every connection of the pool, once all of them are `doing`: waiting for their client, or inside a statement. */
async function killBackends(doing: "idle in transaction" | "idle" | "active"): Promise<void> {
  const client = new pg.Client({ ...testServer() });
  await client.connect();
  const ready = async (): Promise<number | null> =>
    (
      await client.query(
        "select from pg_stat_activity where application_name = 'pool test' and state = $1 and pid <> all($2)",
        [doing, killed],
      )
    ).rowCount;
  await expect.poll(ready).toBe(max);
  const { rows } = await client.query<{ pid: number }>(
    "select pid, pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pool test'",
  );
  killed.push(...rows.map(({ pid }) => pid));
  await client.end();
}
/** Processes of the server that were told to end, and may not have ended yet. */
const killed: number[] = [];

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
    // One half of the rounds waits between two statements, the other half inside one.
    const isBetween = round % 2 === 0;
    let kill: (value?: unknown) => void = () => {};
    const isKilled = new Promise((resolve) => (kill = resolve));
    let begun = 0;
    const transactions = Array.from({ length: 2 * max }, () =>
      withTransaction(pool, async (client) => {
        await client.query("select 1");
        // Those that had to wait for a place come behind the kill.
        const isFirst = begun++ < max;
        if (isFirst && isBetween) await isKilled;
        await client.query(`select pg_sleep(${isFirst ? 60 : 0})`);
      }),
    );
    const settled = Promise.allSettled(transactions);
    await killBackends(isBetween ? "idle in transaction" : "active");
    kill();
    const outcomes = await settled;
    expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBeGreaterThanOrEqual(max);
  }
  expect(inUse()).toBe(0);
  expect(pool.waitingCount).toBe(0);
  // All of its places can be used at once again.
  await Promise.all(
    Array.from({ length: max }, () => withTransaction(pool, (client) => client.query("select 1"))),
  );
  expect(await closePool(pool, patience)).toBe(true);
});

test("idle connections that are killed are replaced without the caller's notice", async () => {
  const clients = await Promise.all(Array.from({ length: max }, () => pool.connect()));
  for (const client of clients) client.release();
  expect(pool.idleCount).toBe(max);
  await killBackends("idle");
  await expect.poll(() => idleErrors.length).toBe(max);
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("with all connections in use a caller is refused in time instead of hanging", async () => {
  const full = create({ connectTimeoutMs: 500 });
  const clients: pg.PoolClient[] = [];
  // Opening one may take a busy machine longer than a caller of this pool waits.
  while (clients.length < max)
    await full.connect().then(
      (client) => clients.push(client),
      () => undefined,
    );
  await expect(full.query("select 1")).rejects.toThrow("timeout exceeded");
  for (const client of clients) client.release();
  expect(await closePool(full, patience)).toBe(true);
});

test("a statement, a lock and a silent transaction each end at their limit", async () => {
  const brief = create({ statementTimeoutMs: 500, networkGraceMs: patience });
  await expect(brief.query("select pg_sleep(60)")).rejects.toMatchObject({ code: "57014" });
  await closePool(brief);

  const hasty = create({ lockTimeoutMs: 200 });
  await withTransaction(hasty, async (client) => {
    await client.query("lock table entry");
    await expect(hasty.query("insert into entry values (9)")).rejects.toMatchObject({ code: "55P03" });
  });
  await closePool(hasty);

  const talkative = create({ idleInTransactionTimeoutMs: 300 });
  const silent = withTransaction(talkative, async (client) => {
    const ended = once(client, "error");
    await client.query("select 1");
    await ended;
    await client.query("select 1");
  });
  await expect(silent).rejects.toThrow(/terminat|not queryable/);
  expect(talkative.totalCount - talkative.idleCount).toBe(0);
  await closePool(talkative);
});

test("a network that swallows everything without a word costs a caller its deadline, and the pool recovers", async () => {
  const proxy = await startProxy(database.connection);
  const remote = createPool(
    { ...database.connection, host: "127.0.0.1", port: proxy.port },
    { max: 2, statementTimeoutMs: 200, networkGraceMs: 300, connectTimeoutMs: 1_000 },
  );
  // Its deadlines are for the silence; a busy machine may miss them without any.
  const answers = () =>
    Promise.all([1, 2].map(() => remote.query("select 1 as one"))).then(
      (all) => all.map(({ rows }) => rows),
      () => [],
    );
  const both = [[{ one: 1 }], [{ one: 1 }]];
  await expect.poll(answers).toEqual(both);
  proxy.stall(true);
  const calls = await Promise.allSettled([1, 2, 3, 4].map(() => remote.query("select 1")));
  expect(calls.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
  proxy.stall(false);
  await expect.poll(answers).toEqual(both);
  expect(remote.totalCount - remote.idleCount).toBe(0);
  expect(await closePool(remote, patience)).toBe(true);
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
