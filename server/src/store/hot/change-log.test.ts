import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRandom } from "../../../../test/chaos/random.ts";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool, keyLookups, withTransaction } from "../pool.ts";
import { addStatement } from "./add.ts";
import { askStatement } from "./ask.ts";
import { cancelStatement } from "./cancel.ts";
import { changedTrials } from "./change-log.ts";
import { changesSince } from "./changes.ts";
import { readClock } from "./clock.ts";
import { editStatement } from "./edit.ts";
import { reclaimLease, sweepLeases } from "./leases.ts";
import { mergeChanges, studiesWithScatteredChanges } from "./merge-changes.ts";
import { tellStatement } from "./tell.ts";
import { readTrials, setTrialAttributes } from "./trials.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});
/** The pools of two replicas. */
let replicas: [Pool, Pool];
beforeAll(() => {
  const create = () =>
    createPool(database.connection, {
      settings: keyLookups,
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 60_000,
    });
  replicas = [create(), create()];
});
afterAll(async () => void (await Promise.all(replicas.map((pool) => pool.end()))));

let studies = 0;

async function createStudy(): Promise<number> {
  const studyId = ++studies;
  await replicas[0].query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, goal) values ($1, 1, 1, 3, 1)",
    [studyId],
  );
  return studyId;
}

const fresh = {
  params: '{"x": 1}',
  worker: "w",
  leaseSeconds: 600,
  sampler: "random",
  reason: "",
  fixed: null,
  expected: [],
};
const added = { params: '{"x": 2}', attributes: "{}", sampler: "user", reason: "", outcome: undefined };

async function ask(
  pool: Pool,
  studyId: number,
  count: number,
  claims: readonly { number: number; attempt: number }[] = [],
) {
  const clock = await readClock(pool, studyId);
  return askStatement(pool, {
    studyId,
    specVersion: 1,
    nextNumber: clock!.nextNumber,
    historyRevision: clock!.revision,
    claims: claims.map((claim) => ({ ...claim, worker: "w", leaseSeconds: 600 })),
    trials: Array.from({ length: count }, () => fresh),
    revision: undefined,
    requests: [],
    spending: [],
  });
}

const tell = (pool: Pool, studyId: number, numbers: readonly number[]) =>
  tellStatement(
    pool,
    studyId,
    numbers.map((number) => ({
      number,
      attempt: undefined,
      state: "completed" as const,
      values: [number],
      metrics: {},
      violation: 0,
      failure: "",
      key: `key-${number}`,
      known: undefined,
    })),
    false,
  );

/** Every statement that changes trials, on trials drawn at random: most find some that they may change. */
function writers(pool: Pool, studyId: number, random: () => number): (() => Promise<unknown>)[] {
  const next = async () => (await readClock(pool, studyId))!.nextNumber;
  const some = async (most: number) => {
    const size = await next();
    const count = 1 + Math.floor(random() * most);
    return [...new Set(Array.from({ length: count }, () => Math.floor(random() * size)))];
  };
  const one = async () => (await readTrials(pool, studyId, await some(1)))[0];
  return [
    () => ask(pool, studyId, 1 + Math.floor(random() * 6)),
    async () => {
      const trials = (await readTrials(pool, studyId, await some(9))).filter(
        ({ state }) => state === "waiting",
      );
      return ask(pool, studyId, 1, trials);
    },
    async () => tell(pool, studyId, await some(9)),
    async () => tell(pool, studyId, await some(1)),
    async () =>
      addStatement(pool, {
        studyId,
        specVersion: 1,
        nextNumber: await next(),
        historyRevision: 0,
        trials: Array.from({ length: 1 + Math.floor(random() * 3) }, () => added),
        request: undefined,
      }),
    async () => {
      const trial = await one();
      const change = {
        studyId,
        number: trial?.number ?? 0,
        revision: trial?.revision ?? 0,
        request: undefined,
      };
      if (random() < 0.3) return cancelStatement(pool, { ...change, failure: "not wanted" });
      return editStatement(pool, {
        ...change,
        studyRevision: undefined,
        params: `{"x": ${random()}}`,
        attributes: "{}",
      });
    },
    async () => setTrialAttributes(pool, studyId, (await some(1))[0] ?? 0, "{}"),
    async () => {
      await pool.query(
        `update running set lease_seconds = 0, lease_expires_at = now() - interval '1 s' where study_id = $1 and number = any(array(
           select number from running where study_id = $1 and number = any($2::int[]) order by number for update))`,
        [studyId, await some(5)],
      );
      await sweepLeases(pool, studyId);
    },
    async () => reclaimLease(pool, studyId, (await some(1))[0] ?? 0, 1, 600),
    () => mergeChanges(pool, studyId),
  ];
}

/** Follows a study as a cache or a watcher does, in pages of its own size. */
async function follow(
  on: PoolClient,
  studyId: number,
  known: Map<number, number>,
  from: number,
  pageSize: number,
): Promise<number> {
  for (let revision = from; ;) {
    const { rows } = await on.query<{ number: number; seq: number }>(
      changedTrials("t.number, t.seq", "$1::bigint", "$2::bigint", "$3::int"),
      [studyId, revision, pageSize],
    );
    for (const { number, seq } of rows) {
      expect(seq).toBeGreaterThan(revision);
      revision = seq;
      known.set(number, seq);
    }
    if (rows.length < pageSize) return revision;
  }
}

test("whoever follows the changes sees each of them, in order, whatever is written and merged meanwhile", async () => {
  for (const seed of [1, 2, 3]) {
    const studyId = await createStudy();
    const random = createRandom(seed);
    let writing = 4;
    const write = async (index: number) => {
      const pool = replicas[index % 2]!;
      const all = writers(pool, studyId, random);
      try {
        for (let round = 0; round < 60; round++) await all[Math.floor(random() * all.length)]!();
      } finally {
        writing--;
      }
    };
    const read = async (pageSize: number) => {
      const known = new Map<number, number>();
      let revision = 0;
      for (let isLast = false; !isLast;) {
        isLast = writing === 0;
        // One snapshot for the pages and for what they should have led to.
        await withTransaction(
          replicas[pageSize % 2]!,
          async (client) => {
            revision = await follow(client, studyId, known, revision, pageSize);
            const { rows } = await client.query<{ number: number; seq: number }>(
              "select number, seq from trial where study_id = $1 order by number",
              [studyId],
            );
            expect([...known].toSorted(([a], [b]) => a - b)).toEqual(
              rows.map(({ number, seq }) => [number, seq]),
            );
          },
          { isolation: "repeatable read", readOnly: true },
        );
      }
      return known;
    };
    const [known, ...others] = await Promise.all([
      ...[1, 3, 1_000].map(read),
      ...[0, 1, 2, 3].map((index) => write(index).then(() => new Map<number, number>())),
    ]);
    expect(others[0]).toEqual(known);
    expect(known!.size).toBeGreaterThan(50);
    // Whoever comes back from any revision sees what has changed since, and nothing else.
    const trials = await readTrials(replicas[0], studyId, [...known!.keys()]);
    const last = Math.max(...known!.values());
    for (let from = 0; from <= last; from += 7) {
      const changes = await changesSince(replicas[0], studyId, from, 0, 10_000, []);
      const expected = trials
        .filter(({ revision }) => revision > from)
        .toSorted((a, b) => a.revision - b.revision);
      expect(changes.map(({ number, revision }) => [number, revision])).toEqual(
        expected.map(({ number, revision }) => [number, revision]),
      );
    }
  }
});

test("many short rows of the log become few, by however many replicas, and the changes stay what they were", async () => {
  const [pool] = replicas;
  const studyId = await createStudy();
  for (let batch = 0; batch < 3; batch++) await ask(pool, studyId, 1_000);
  // As after so many changes one by one: every trial twice, in rows of their own, and one row of a thousand in between.
  await pool.query(`update trial set seq = 3000 + 2 * number + 1 where study_id = $1 and number < 2000`, [
    studyId,
  ]);
  await pool.query(
    `insert into trial_change (study_id, first_seq, last_seq, numbers)
     select $1, n, n, array[((n - 3001) / 2)::int] from generate_series(3001, 7000) n where n not between 4001 and 5000`,
    [studyId],
  );
  await pool.query(
    `insert into trial_change (study_id, first_seq, last_seq, numbers)
     select $1, 4001, 5000, array_agg(((n - 3001) / 2)::int order by n) from generate_series(4001, 5000, 2) n`,
    [studyId],
  );
  await pool.query("update study_clock set change_seq = 7000 where study_id = $1", [studyId]);
  const read = async () =>
    (await changesSince(pool, studyId, 0, 0, 10_000, [])).map(({ number, revision }) => [number, revision]);
  const before = await read();
  expect(before).toHaveLength(3_000);
  expect(await studiesWithScatteredChanges(pool)).toContain(studyId);
  const merge = async (replica: Pool) => {
    while (await mergeChanges(replica, studyId));
  };
  await Promise.all([...replicas, ...replicas].map(merge));
  expect(await studiesWithScatteredChanges(pool)).not.toContain(studyId);
  expect(await read()).toEqual(before);
  const { rows } = await pool.query<{ rows: number; numbers: number }>(
    "select count(*)::int as rows, sum(cardinality(numbers))::int as numbers from trial_change where study_id = $1 and last_seq > 3000",
    [studyId],
  );
  expect(rows[0]?.rows).toBeLessThan(10);
  expect(rows[0]?.numbers).toBeLessThan(2_600);
});
