import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { createAuditTable } from "../store/cold/audit.ts";
import { query } from "../store/cold/query.ts";
import { migrate } from "../store/migrate.ts";
import { type Orm, createOrm } from "../store/orm.ts";
import { startAuditSweep } from "./audit-sweep.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres();
let orm: Orm;
beforeAll(async () => {
  await migrate({ connection: database.connection, log });
  orm = await createOrm({ connection: database.connection, poolSize: 2 });
});
afterAll(() => orm?.close());

const add = (count: number, age: string) =>
  query(
    orm,
    `insert into audit_entry (project_id, at, actor_kind, actor_id, actor_name, method, target, address)
     select 1, now() - $2::interval, 'user', 1, '', $2, '', '' from generate_series(1, $1::int)`,
    [count, age],
  );
const ages = async () => {
  const rows = await query<{ method: string; count: number }>(
    orm,
    "select method, count(*)::int as count from audit_entry group by method",
    [],
  );
  return Object.fromEntries(rows.map(({ method, count }) => [method, count]));
};

test("entries are kept for as many days as are asked for, and go in pieces after that", async () => {
  await add(12_000, "31 days");
  await add(3, "29 days");
  // Written late, as by a server whose database was away: the order of the ids is not quite that of the times.
  await add(2, "32 days");
  const sweep = startAuditSweep(createAuditTable(orm, 10_000), 30, log);
  await expect.poll(ages).toEqual({ "29 days": 3 });
  await sweep.stop();
  const again = startAuditSweep(createAuditTable(orm, 10_000), 10, log);
  await expect.poll(ages).toEqual({});
  await again.stop();
});
