import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { Project } from "./entities/index.ts";
import { migrate } from "./migrate.ts";
import { createOrm } from "./orm.ts";
import { withRetry } from "./retry.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});

const poolSize = 4;

/** Ends every connection to the database but its own; answers how many there were. */
async function killConnections(client: Client): Promise<number> {
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return rowCount ?? 0;
}

test("connections that die under a flush leave no hole in the pool, and closing does not hang", async () => {
  const orm = await createOrm({ connection: database.connection, poolSize });
  const pool = await orm.em.getConnection().getNativeClient();
  const killer = new Client({ ...database.connection });
  await killer.connect();
  let stop = false;
  let written = 0;
  const writers = Array.from({ length: poolSize }, async (_, writer) => {
    for (let i = 0; !stop; i++) {
      const em = orm.em.fork();
      em.persist(em.create(Project, { name: `p-${writer}-${i}` }));
      await em.flush().then(
        () => written++,
        () => undefined,
      );
    }
  });

  let killed = 0;
  while (killed < 4 * poolSize) {
    await sleep(20);
    killed += await killConnections(killer);
  }
  stop = true;
  await Promise.all(writers);

  expect(written).toBeGreaterThan(0);
  // An idle connection may have been killed a moment ago, and not be known to be dead yet.
  const count = () => orm.em.fork().count(Project);
  expect(await withRetry(count, { idempotent: true, deadlineMs: 60_000 })).toBeGreaterThanOrEqual(written);
  expect({ busy: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }).toEqual({
    busy: 0,
    waiting: 0,
  });
  await killer.end();
  const closed = orm.close().then(() => "closed");
  expect(await Promise.race([closed, sleep(60_000, "hangs", { ref: false })])).toBe("closed");
});

test("a statement that runs too long is ended by the server", async () => {
  const orm = await createOrm({ connection: database.connection, poolSize: 1, statementTimeoutMs: 50 });
  await expect(orm.em.fork().execute("select pg_sleep(10)")).rejects.toThrow("statement timeout");
  await orm.close();
});
