import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testServer, useTestPostgres } from "../../../test/support/postgres.ts";
import { closePool, createPool, withTransaction } from "./pool.ts";
import { StoreUnavailableError, classify, withRetry } from "./retry.ts";

const database = useTestPostgres();
/** An end for what hangs on a busy machine, no bar; ms. */
const patience = 60_000;
let pool: pg.Pool;

beforeAll(async () => {
  pool = createPool(database.connection, {
    max: 8,
    applicationName: "retry test",
    lockTimeoutMs: 100,
    // What the tests are about ends statements here, however long a busy machine takes over it.
    statementTimeoutMs: patience,
    idleInTransactionTimeoutMs: patience,
    connectTimeoutMs: patience,
  });
  await pool.query("create table account (id int primary key, amount int not null)");
  await pool.query("create table told (key text primary key)");
  await pool.query("insert into account values (1, 0), (2, 0)");
});
afterAll(() => closePool(pool));

/** Processes of the server that were told to end, and may not have ended yet. */
const killed: number[] = [];

/** Ends the connection that is in the middle of a sleep, once there is one. */
async function killSleeper(): Promise<void> {
  const client = new pg.Client({ ...testServer() });
  await client.connect();
  const kill = async (): Promise<number> => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid, pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'retry test' and wait_event = 'PgSleep' and pid <> all($1)`,
      [killed],
    );
    killed.push(...rows.map(({ pid }) => pid));
    return rows.length;
  };
  await expect.poll(kill).toBe(1);
  await client.end();
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );

test("real failures of the server fall into their kinds", async () => {
  expect(classify(await failure(pool.query("select 1 / 0")))).toBe("permanent");
  expect(classify(await failure(pool.query("insert into account values (1, 0)")))).toBe("permanent");
  expect(classify(await failure(pool.query("set statement_timeout = 20; select pg_sleep(1)")))).toBe(
    "statement-timeout",
  );
  const sleeping = failure(pool.query("select pg_sleep(60)"));
  await killSleeper();
  expect(classify(await sleeping)).toBe("lost");
  const nowhere = createPool({ ...database.connection, host: "/tmp/no-such-directory" });
  expect(classify(await failure(nowhere.query("select 1")))).toBe("unreachable");
  await closePool(nowhere);
  const refused = createPool({ ...database.connection, host: "127.0.0.1", port: 1 });
  expect(classify(await failure(refused.query("select 1")))).toBe("unreachable");
  await closePool(refused);
});

test("every SQLSTATE and system error of the retry table has its kind", () => {
  const kind = (code: string) => classify(Object.assign(new Error("x"), { code }));
  expect(["40001", "40P01"].map(kind)).toEqual(["conflict", "conflict"]);
  for (const code of ["08006", "08003", "57P01", "57P02", "ECONNRESET", "EPIPE", "ETIMEDOUT"])
    expect(kind(code)).toBe("lost");
  for (const code of ["57P03", "53300", "25006"]) expect(kind(code)).toBe("unreachable");
  for (const code of ["53100", "53200", "58030", "58P01"]) expect(kind(code)).toBe("exhausted");
  for (const code of ["22003", "23505", "42P01"]) expect(kind(code)).toBe("permanent");
  expect(kind("55P03")).toBe("lock-timeout");
  expect(kind("57014")).toBe("statement-timeout");
  expect(classify(new Error("Connection terminated unexpectedly"))).toBe("lost");
  expect(classify(new Error("Client has encountered a connection error and is not queryable"))).toBe(
    "unreachable",
  );
  expect(classify(new Error("timeout exceeded when trying to connect"))).toBe("unreachable");
  const wrapped = new Error("flush failed", { cause: Object.assign(new Error("x"), { code: "40P01" }) });
  expect(classify(wrapped)).toBe("conflict");
  expect(classify("not an error")).toBe("permanent");
});

test("a keyed statement survives its backends being killed again and again, and is done once", async () => {
  let attempts = 0;
  const tell = withRetry(
    async () => {
      const seconds = attempts++ < 3 ? 60 : 0;
      await pool.query(`insert into told select 'a' from pg_sleep(${seconds}) on conflict do nothing`);
    },
    { idempotent: true, deadlineMs: patience },
  );
  for (let kills = 0; kills < 3; kills++) await killSleeper();
  await tell;
  expect(attempts).toBeGreaterThanOrEqual(4);
  expect((await pool.query("select key from told")).rows).toEqual([{ key: "a" }]);
});

test("a statement without a key is not tried again once its outcome is unknown", async () => {
  let attempts = 0;
  const call = failure(
    withRetry(() => (attempts++, pool.query("select pg_sleep(60)")), {
      idempotent: false,
      deadlineMs: patience,
    }),
  );
  await killSleeper();
  const error = await call;
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(error).toMatchObject({ kind: "lost", outcomeUnknown: true });
  expect(attempts).toBe(1);
});

test("two transactions that deadlock both succeed", async () => {
  const transfer = (from: number, to: number) =>
    withRetry(
      () =>
        withTransaction(pool, async (client) => {
          await client.query("set local lock_timeout = '60s'");
          await client.query("set local deadlock_timeout = '20ms'");
          await client.query("update account set amount = amount - 1 where id = $1", [from]);
          await sleep(30);
          await client.query("update account set amount = amount + 1 where id = $1", [to]);
        }),
      { idempotent: false, deadlineMs: patience },
    );
  await Promise.all([transfer(1, 2), transfer(2, 1)]);
  expect((await pool.query("select amount from account")).rows).toEqual([{ amount: 0 }, { amount: 0 }]);
});

test("a lock that stays taken is given up after a few tries", async () => {
  let attempts = 0;
  await withTransaction(pool, async (client) => {
    await client.query("select * from account where id = 1 for update");
    const update = () => (attempts++, pool.query("update account set amount = 0 where id = 1"));
    const error = await failure(withRetry(update, { idempotent: true, deadlineMs: patience }));
    expect(error).toMatchObject({
      name: "StoreUnavailableError",
      kind: "lock-timeout",
      outcomeUnknown: false,
    });
  });
  expect(attempts).toBe(4);
});

test("without a server it goes on until the deadline and then says so", async () => {
  const nowhere = createPool({ ...database.connection, host: "127.0.0.1", port: 1 });
  const start = performance.now();
  const error = await failure(
    withRetry(() => nowhere.query("select 1"), { idempotent: false, deadlineMs: 600 }),
  );
  const took = performance.now() - start;
  expect(error).toMatchObject({ name: "StoreUnavailableError", kind: "unreachable", outcomeUnknown: false });
  expect((error as Error).cause).toMatchObject({ code: "ECONNREFUSED" });
  // The next delay, at most 400 ms, would have passed the deadline.
  expect(took).toBeGreaterThan(150);
  await closePool(nowhere);
});

test("a signal ends the waiting with its reason", async () => {
  const nowhere = createPool({ ...database.connection, host: "127.0.0.1", port: 1 });
  const controller = new AbortController();
  const call = failure(
    withRetry(() => nowhere.query("select 1"), {
      idempotent: true,
      deadlineMs: patience,
      signal: controller.signal,
    }),
  );
  await sleep(150);
  controller.abort(new Error("the caller has gone"));
  expect(await call).toMatchObject({ message: "the caller has gone" });
  await closePool(nowhere);
});

test("an error of the statement itself passes through unchanged at once", async () => {
  let attempts = 0;
  const error = await failure(
    withRetry(() => (attempts++, pool.query("select nonsense")), { idempotent: true, deadlineMs: patience }),
  );
  expect(error).toMatchObject({ code: "42703" });
  expect(attempts).toBe(1);
});
