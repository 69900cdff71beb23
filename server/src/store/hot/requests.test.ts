import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool } from "../pool.ts";
import { findRequests, forgetOldRequests } from "./requests.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});
let pool: Pool;
beforeAll(() => void (pool = createPool(database.connection)));
afterAll(() => pool.end());

test("answers are kept for seven days, and forgotten in steps until none is left that is older", async () => {
  await pool.query(
    `insert into request (study_id, key, kind, fingerprint, numbers, attempts, created_at)
     select 1, 'old-' || i, 1, ''::bytea, '{}'::int[], '{}'::int[], now() - interval '7 days 1 minute' from generate_series(1, 5001) i
     union all select 1, 'young', 1, '', '{}', '{}', now() - interval '6 days 23 hours'`,
  );
  expect(await forgetOldRequests(pool)).toBe(true);
  expect(await forgetOldRequests(pool)).toBe(false);
  const { rows } = await pool.query<{ key: string }>("select key from request");
  expect(rows).toEqual([{ key: "young" }]);
  expect([...(await findRequests(pool, 1, ["young", "old-7"])).keys()]).toEqual(["young"]);
});
