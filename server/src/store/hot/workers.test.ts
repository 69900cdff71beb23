import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool } from "../pool.ts";
import { listWorkers } from "./workers.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});
let pool: Pool;
beforeAll(() => {
  pool = createPool(database.connection);
});
afterAll(() => pool.end());

/** Numbers are states: 2 running, 3 completed, 4 pruned, 5 failed, 6 infeasible. The later in the list, the later it ended. */
type Seed = readonly [worker: string, state: number, attempt?: number];

let made = 0;

async function createProject(): Promise<number> {
  const { rows } = await pool.query<{ id: number }>("insert into project (name) values ($1) returning id", [
    `p${++made}`,
  ]);
  return Number(rows[0]?.id);
}

async function createStudy(project: number, name: string, seeds: readonly Seed[], from = 0): Promise<void> {
  const { rows } = await pool.query<{ id: number }>(
    "insert into study (project_id, name, uid) values ($1, $2, gen_random_uuid()) returning id",
    [project, name],
  );
  const study = rows[0]?.id;
  const running = seeds.filter(([, state]) => state === 2).length;
  await pool.query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, goal, next_number, running) values ($1, 1, 1, 3, 1, $2, $3)",
    [study, seeds.length, running],
  );
  await pool.query(
    `insert into trial (study_id, number, state, attempt, worker, params, seq, spec_version, failure, started_at, ended_at)
     select $1, ord - 1, state, attempt, worker, '{}', ord, 1, case when state = 5 then 'broken ' || (ord - 1) else '' end,
       timestamptz '2026-01-01' + make_interval(secs => ord + $5), case when state > 2 then timestamptz '2026-01-01' + make_interval(secs => ord + $5 + 0.5) end
     from unnest($2::text[], $3::smallint[], $4::int[]) with ordinality as x(worker, state, attempt, ord)`,
    [
      study,
      seeds.map(([worker]) => worker),
      seeds.map(([, state]) => state),
      seeds.map(([, , attempt = 1]) => attempt),
      from,
    ],
  );
  await pool.query(
    `insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
     select study_id, number, attempt, worker, 600, started_at + interval '600 seconds' from trial where study_id = $1 and state = 2`,
    [study],
  );
}

test("a worker of several studies is one worker, with what it runs and how its trials ended", async () => {
  const project = await createProject();
  await createStudy(project, "one", [
    ["ada", 3],
    ["ada", 4],
    ["bob", 5],
    ["ada", 6],
    ["ada", 2],
  ]);
  await createStudy(project, "two", [["ada", 2]], 100);
  const { workers, total } = await listWorkers(pool, project, 10);
  expect(total).toBe(2);
  expect(workers.map(({ worker }) => worker)).toEqual(["ada", "bob"]);
  expect(workers[0]).toMatchObject({
    running: 2,
    completed: 1,
    pruned: 1,
    failed: 0,
    infeasible: 1,
    streak: 0,
    failure: undefined,
    heardAt: new Date("2026-01-01T00:01:41Z"),
  });
  // The newest first.
  expect(workers[0]?.held.map(({ study, number }) => `${study}/${number}`)).toEqual(["two/0", "one/4"]);
  expect(workers[0]?.held[0]).toMatchObject({
    startedAt: new Date("2026-01-01T00:01:41Z"),
    leaseExpiresAt: new Date("2026-01-01T00:11:41Z"),
  });
});

test("failures count as a row from a worker's newest trial on, across studies", async () => {
  const project = await createProject();
  await createStudy(project, "early", [
    ["bad", 5],
    ["mixed", 5],
    ["mixed", 3],
  ]);
  await createStudy(
    project,
    "late",
    [
      ["bad", 5],
      ["mixed", 5],
      ["bad", 5],
    ],
    50,
  );
  const { workers } = await listWorkers(pool, project, 10);
  const of = (name: string) => workers.find(({ worker }) => worker === name);
  expect(of("bad")).toMatchObject({
    streak: 3,
    failed: 3,
    failure: { study: "late", number: 2, text: "broken 2" },
  });
  expect(of("mixed")).toMatchObject({ streak: 1, failed: 2, failure: { study: "late", number: 1 } });
});

test("trials of nobody, trials before the newest 200 and other projects are left out", async () => {
  const project = await createProject();
  const other = await createProject();
  const old: Seed[] = [["ancient", 3]];
  const recent = Array.from({ length: 200 }, (_, index): Seed => (index === 7 ? ["", 3, 0] : ["today", 3]));
  await createStudy(project, "long", [...old, ...recent]);
  await createStudy(other, "theirs", [["stranger", 3]]);
  const { workers } = await listWorkers(pool, project, 10);
  expect(workers.map(({ worker, completed }) => [worker, completed])).toEqual([["today", 199]]);
});

test("those that hold trials come first, and the limit says how many there are in all", async () => {
  const project = await createProject();
  await createStudy(project, "s", [
    ["busy", 2],
    ["idle", 3],
    ["later", 3],
  ]);
  const { workers, total } = await listWorkers(pool, project, 2);
  expect(workers.map(({ worker }) => worker)).toEqual(["busy", "later"]);
  expect(total).toBe(3);
  expect(await listWorkers(pool, await createProject(), 5)).toEqual({ workers: [], total: 0 });
});

test("of a worker that holds very many trials, the newest 20 are named", async () => {
  const project = await createProject();
  await createStudy(
    project,
    "s",
    Array.from({ length: 30 }, (): Seed => ["greedy", 2]),
  );
  const [worker] = (await listWorkers(pool, project, 5)).workers;
  expect(worker?.running).toBe(30);
  expect(worker?.held.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => 29 - i));
});
