import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool } from "../pool.ts";
import { trialStates } from "../states.ts";
import { readColumnsSince } from "./trial-columns.ts";
import { readTrialsSince } from "./trials.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});
let pool: Pool;
beforeAll(async () => {
  pool = createPool(database.connection);
  await pool.query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, goal, next_number) values (1, 1, 1, 3, 1, 3)",
  );
  await pool.query(`
insert into trial (study_id, number, state, attempt, worker, params, "values", violation, seq, end_seq, spec_version, created_at, started_at, ended_at)
values
  (1, 0, 3, 1, 'node-"1"', '{"x": 0.1, "__proto__": "a"}', '{1.5,Infinity}', 'Infinity', 7, 7, 1, '2026-01-02 03:04:05.678+00', '2026-01-02 03:05:00+00', '2026-01-02 03:06:00.001+00'),
  (1, 1, 2, 2, 'node-2', '{"x": 1e-300}', '{}', 0, 5, 0, 1, '2026-01-02 03:04:06+00', '2026-01-02 04:00:00+00', null),
  (1, 2, 1, 0, '', '{}', '{}', 0, 6, 0, 1, '1969-12-31 23:59:59.5+00', null, null)`);
  await pool.query(
    "insert into trial_change (study_id, first_seq, last_seq, numbers) values (1, 1, 6, '{0,1,2}'), (1, 7, 7, '{0}')",
  );
  await pool.query(
    "insert into running (study_id, number, attempt, worker, lease_expires_at, lease_seconds) values (1, 1, 2, 'node-2', '2026-01-02 04:10:00.25+00', 600)",
  );
});
afterAll(() => pool.end());

test("says of each trial what the trial itself says, in the order of the changes", async () => {
  const columns = await readColumnsSince(pool, 1, 0, 10);
  const time = (date: Date | undefined): number => date?.getTime() ?? NaN;
  const trials = await readTrialsSince(pool, 1, 0, 10);
  expect(columns).toEqual({
    numbers: [1, 2, 0],
    states: trials.map(({ state }) => trialStates.indexOf(state)),
    attempts: [2, 0, 1],
    revisions: [5, 6, 7],
    endRevisions: [0, 0, 7],
    params: trials.map(({ params }) => params),
    values: [[], [], [1.5, Infinity]],
    violations: [0, 0, Infinity],
    workers: ["node-2", "", 'node-"1"'],
    created: trials.map(({ createdAt }) => time(createdAt)),
    started: trials.map(({ startedAt }) => time(startedAt)),
    ended: trials.map(({ endedAt }) => time(endedAt)),
    leaseEnds: trials.map(({ leaseExpiresAt }) => time(leaseExpiresAt)),
  });
  expect(columns.created[1]).toBe(-500);
});

test("begins after a revision, and ends at the limit", async () => {
  expect((await readColumnsSince(pool, 1, 5, 1)).numbers).toEqual([2]);
  expect((await readColumnsSince(pool, 1, 7, 10)).numbers).toEqual([]);
});
