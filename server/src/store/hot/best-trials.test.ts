import { fc } from "../../../../test/support/fast-check.ts";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool } from "../pool.ts";
import { bestTrials } from "./best-trials.ts";
import { arrayLiteral } from "./statement.ts";

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

let studies = 0;

async function createStudy(
  trials: readonly { values: readonly number[]; state?: number; violation?: number }[],
): Promise<number> {
  const study = ++studies;
  await pool.query(
    `insert into trial (study_id, number, state, violation, "values", params, seq, spec_version)
     select $1, ord - 1, state, violation, vals::float8[], '{}', ord, 1
     from unnest($2::smallint[], $3::float8[], $4::text[]) with ordinality as x(state, violation, vals, ord)`,
    [
      study,
      trials.map(({ state }) => state ?? 3),
      trials.map(({ violation }) => violation ?? 0),
      trials.map(({ values }) => arrayLiteral(values)),
    ],
  );
  return study;
}

const numbers = async (...args: [number, (1 | -1)[], number]) =>
  (await bestTrials(pool, ...args)).map(({ number }) => number);

test("with one objective the best come in order, equals by number, infinities too", async () => {
  const study = await createStudy([2, 1, Infinity, 1, -Infinity, 3].map((value) => ({ values: [value] })));
  expect(await numbers(study, [1], 1)).toEqual([4]);
  expect(await numbers(study, [1], 100)).toEqual([4, 1, 3, 0, 5, 2]);
  expect(await numbers(study, [-1], 3)).toEqual([2, 5, 0]);
  expect(await numbers(study, [-1], 100)).toEqual([2, 5, 0, 1, 3, 4]);
});

test.for([[1], [1, 1]] as (1 | -1)[][])(
  "only completed trials that exceed no constraint count (%j)",
  async (goals) => {
    const values = (value: number) => goals.map(() => value);
    const study = await createStudy([
      { values: values(1), state: 4 },
      { values: values(2), violation: 0.1 },
      { values: [], state: 5 },
      { values: values(3) },
    ]);
    expect(await numbers(study, goals, 10)).toEqual([3]);
    expect(await numbers(study + 1000, goals, 10)).toEqual([]);
  },
);

test("with several objectives the front comes whole, ordered by the first objective, up to the limit", async () => {
  const points = [
    [3, 1],
    [1, 3],
    [2, 2],
    [3, 3],
    [1, 3],
    [-Infinity, Infinity],
  ];
  const study = await createStudy(points.map((values) => ({ values })));
  expect(await numbers(study, [1, 1], 1000)).toEqual([5, 1, 4, 2, 0]);
  expect(await numbers(study, [1, 1], 2)).toEqual([5, 1]);
  expect(await numbers(study, [-1, -1], 1000)).toEqual([3, 5]);
  const [first] = await bestTrials(pool, study, [1, 1], 1);
  expect(first).toMatchObject({
    number: 5,
    state: "completed",
    values: [-Infinity, Infinity],
    leaseExpiresAt: undefined,
  });
});

test("every value arrives as it is stored", async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ noNaN: true }), fc.double({ noNaN: true }), async (a, b) => {
      // Of four corners only the smallest is on the front: a value read wrong would change which one.
      const corners = [
        [a, a],
        [a, b],
        [b, a],
        [b, b],
      ];
      const study = await createStudy(corners.map((values) => ({ values })));
      const low = Math.min(a, b) + 0;
      const expected = corners.flatMap((values, index) =>
        values.every((value) => value + 0 === low) ? [index] : [],
      );
      expect(await numbers(study, [1, 1], 10)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
