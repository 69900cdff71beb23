import { fc } from "../../../../test/support/fast-check.ts";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  oddNames,
  someFilter,
  someNumber,
  someOrder,
  someText,
} from "../../../../test/support/arbitrary-filter.ts";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { parseFilter, parseOrderBy } from "../../studies/filter/index.ts";
import { migrate } from "../migrate.ts";
import { createPool } from "../pool.ts";
import { trialStates } from "../states.ts";
import { findTrials } from "./find-trials.ts";
import { listTrials } from "./list-trials.ts";
import { encodeMetrics } from "./metrics.ts";
import { arrayLiteral } from "./statement.ts";
import type { Comparison, TrialCursor, TrialField, TrialFilter, TrialOrder } from "./trial-query.ts";
import type { TrialDetail } from "./trials.ts";

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

/** What a test says about a trial; the rest does not matter here. */
interface Seed {
  readonly state?: number;
  readonly attempt?: number;
  readonly worker?: string;
  readonly params?: Record<string, number | string | boolean | null>;
  readonly values?: readonly number[];
  readonly metrics?: Record<string, number>;
}

let studies = 0;

async function createStudy(seeds: readonly Seed[]): Promise<number> {
  const study = ++studies;
  await pool.query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, goal, next_number) values ($1, 1, 1, 3, 1, $2)",
    [study, seeds.length],
  );
  await pool.query(
    `insert into trial (study_id, number, state, attempt, worker, params, "values", metrics, seq, spec_version)
     select $1, ord - 1, state, attempt, worker, params::jsonb, vals::float8[], metrics::jsonb, ord, 1
     from unnest($2::smallint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[])
       with ordinality as x(state, attempt, worker, params, vals, metrics, ord)`,
    [
      study,
      seeds.map((seed) => seed.state ?? 3),
      seeds.map((seed) => seed.attempt ?? 1),
      seeds.map((seed) => seed.worker ?? ""),
      seeds.map((seed) => JSON.stringify(seed.params ?? {})),
      seeds.map((seed) => arrayLiteral(seed.values ?? [])),
      seeds.map((seed) => encodeMetrics(seed.metrics ?? {})),
    ],
  );
  return study;
}

/** The numbers of the trials that match a filter, ascending or in an order; all on one page. */
async function find(study: number, filter: string, orderBy = ""): Promise<number[]> {
  const query = { filter: parseFilter(filter, oddNames), order: parseOrderBy(orderBy, oddNames) };
  const page = await listTrials(pool, study, {
    ...query,
    after: undefined,
    limit: 10_000,
    withReports: false,
  });
  expect(page.next).toBeUndefined();
  expect(page.total).toBe(page.trials.length);
  if (orderBy === "")
    expect(await findTrials(pool, study, query.filter)).toEqual(page.trials.map(({ number }) => number));
  return page.trials.map(({ number }) => number);
}

/** The numbers of every page, page by page. */
async function walk(
  study: number,
  filter: TrialFilter | undefined,
  order: TrialOrder,
  limit: number,
  between: (after: TrialCursor) => Promise<TrialCursor | undefined> = (after) => Promise.resolve(after),
): Promise<number[]> {
  const numbers: number[] = [];
  let after: TrialCursor | undefined;
  do {
    const page = await listTrials(pool, study, { filter, order, after, limit, withReports: false });
    expect(page.trials.length).toBeLessThanOrEqual(limit);
    numbers.push(...page.trials.map(({ number }) => number));
    after = page.next === undefined ? undefined : await between(page.next);
  } while (after !== undefined);
  return numbers;
}

// What filters and orders mean, written down a second time.

function fieldOf(trial: TrialDetail, field: TrialField): number | string | boolean | null {
  if (field.kind === "values") return trial.values[field.index] ?? null;
  if (field.kind === "params" || field.kind === "metrics") {
    return (
      new Map<string, number | string | boolean | null>(Object.entries(trial[field.kind])).get(field.name) ??
      null
    );
  }
  return field.kind === "state" ? trialStates.indexOf(trial.state) : trial[field.kind];
}

const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function holds(trial: TrialDetail, { field, operator, value }: Comparison): boolean {
  const found = fieldOf(trial, field);
  const same = found === value || (Number.isNaN(found) && Number.isNaN(value));
  if (operator === "=") return same;
  if (operator === "!=") return !same;
  let sign = NaN;
  if (typeof found === "number" && typeof value === "number")
    sign = found === value ? 0 : found < value ? -1 : found > value ? 1 : NaN;
  if (typeof found === "string" && typeof value === "string") sign = byCodePoint(found, value);
  return { "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0 }[operator];
}

function matches(trial: TrialDetail, filter: TrialFilter): boolean {
  switch (filter.kind) {
    case "and":
      return filter.operands.every((operand) => matches(trial, operand));
    case "or":
      return filter.operands.some((operand) => matches(trial, operand));
    case "not":
      return !matches(trial, filter.operand);
    case "state":
      return (trial.state === filter.state) === (filter.operator === "=");
    case "comparison":
      return holds(trial, filter);
  }
}

const rank = { string: 0, number: 1, boolean: 2 } as const;

function compareTrials(a: TrialDetail, b: TrialDetail, order: TrialOrder): number {
  for (const { field, descending } of order) {
    const [left, right] = [fieldOf(a, field), fieldOf(b, field)].map((value) =>
      Number.isNaN(value) ? null : value,
    );
    if (left === right || left === undefined || right === undefined) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    let sign = rank[typeof left as keyof typeof rank] - rank[typeof right as keyof typeof rank];
    if (sign === 0)
      sign = typeof left === "string" ? byCodePoint(left, String(right)) : left < right ? -1 : 1;
    return descending ? -sign : sign;
  }
  return a.number - b.number;
}

const optional = <T>(names: readonly string[], value: fc.Arbitrary<T>) =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== "__proto__")));

const someSeed: fc.Arbitrary<Seed> = fc.record({
  state: fc.integer({ min: 1, max: 6 }),
  attempt: fc.nat({ max: 3 }),
  worker: someText,
  params: optional(
    oddNames.parameters,
    fc.oneof(someNumber.filter(Number.isFinite), someText, fc.boolean(), fc.constant(null)),
  ),
  values: fc.array(someNumber, { maxLength: 3 }),
  metrics: optional(["acc", "top-5", "constructor", "a\\b"], someNumber),
});

test("every filter means the same to the database as to whoever reads its definition", async () => {
  const study = await createStudy(fc.sample(someSeed, { numRuns: 150, seed: 7 }));
  const number: TrialOrder = [{ field: { kind: "number" }, descending: false }];
  const { trials } = await listTrials(pool, study, {
    filter: undefined,
    order: number,
    after: undefined,
    limit: 1000,
    withReports: false,
  });
  expect(trials).toHaveLength(150);
  await fc.assert(
    fc.asyncProperty(someFilter, async (filter) => {
      const page = await listTrials(pool, study, {
        filter,
        order: number,
        after: undefined,
        limit: 1000,
        withReports: false,
      });
      expect(page.trials.map((trial) => trial.number)).toEqual(
        trials.filter((trial) => matches(trial, filter)).map((trial) => trial.number),
      );
      expect(page.total).toBe(page.trials.length);
    }),
    { numRuns: 500 },
  );
});

test("the pages of every order hold every trial once, in order, whatever their size", async () => {
  const study = await createStudy(fc.sample(someSeed, { numRuns: 120, seed: 8 }));
  const all = await listTrials(pool, study, {
    filter: undefined,
    order: [],
    after: undefined,
    limit: 1000,
    withReports: false,
  });
  await fc.assert(
    fc.asyncProperty(someOrder, fc.constantFrom(1, 7, 40, 119, 120, 1000), async (order, limit) => {
      const expected = all.trials.toSorted((a, b) => compareTrials(a, b, order)).map(({ number }) => number);
      expect(await walk(study, undefined, order, Math.max(limit, 7))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("a cursor without its text reads it again from the trial", async () => {
  const study = await createStudy(fc.sample(someSeed, { numRuns: 60, seed: 9 }));
  const order = parseOrderBy("worker desc, params.lr, values.loss", oddNames);
  const expected = await walk(study, undefined, order, 1000);
  const forget = (after: TrialCursor) =>
    Promise.resolve({ ...after, keys: after.keys.map((key) => (typeof key === "string" ? undefined : key)) });
  expect(await walk(study, undefined, order, 7, forget)).toEqual(expected);
});

test.for([
  "number",
  "number desc",
  "values.loss",
  "values.loss desc, worker",
  "params.lr desc",
  "state, metrics.acc desc",
  "worker",
])(
  "by %s, trials that stay as they are come exactly once while others change and are added",
  async (orderBy) => {
    const seeds = fc.sample(someSeed, { numRuns: 100, seed: 10 });
    const study = await createStudy(seeds);
    const order = parseOrderBy(orderBy, oddNames);
    let step = 0;
    const numbers = await walk(study, undefined, order, 9, async (after) => {
      step++;
      // Odd trials change, new ones come.
      await pool.query(
        `update trial set state = 1 + (number + $2) % 6, worker = 'w' || (number * $2) % 7, "values" = array[(number * $2) % 5],
           metrics = jsonb_build_object('acc', (number * $2) % 3), params = jsonb_build_object('lr', (number * $2) % 11)
         where study_id = $1 and number % 2 = 1`,
        [study, step],
      );
      await pool.query(
        `insert into trial (study_id, number, state, params, seq, spec_version) select $1, 101 + 2 * $2::int, 1, '{}', 0, 1`,
        [study, step],
      );
      return step > 100 ? undefined : after;
    });
    const stable = numbers.filter((number) => number % 2 === 0).toSorted((a, b) => a - b);
    expect(stable).toEqual(Array.from({ length: 50 }, (_, index) => 2 * index));
    // A number never changes, so not even the trials that do change come twice.
    const repeats = numbers.length - new Set(numbers).size;
    expect(order[0]?.field.kind === "number" ? repeats : 0).toBe(0);
  },
);

test("a missing field differs from everything but null, and fails every other comparison", async () => {
  const study = await createStudy([
    { params: { lr: 1 }, values: [1], metrics: { acc: 1 } },
    {},
    { params: { lr: null } },
  ]);
  for (const field of ["params.lr", "values.loss", "metrics.acc"]) {
    for (const operator of ["=", "<", "<=", ">", ">="])
      expect(await find(study, `${field} ${operator} 2 AND number > 0`)).toEqual([]);
    expect(await find(study, `${field} != 2`)).toEqual([0, 1, 2]);
    expect(await find(study, `NOT ${field} = 1`)).toEqual([1, 2]);
    expect(await find(study, `NOT ${field} < 5`)).toEqual([1, 2]);
    expect(await find(study, `${field} = null`)).toEqual([1, 2]);
    expect(await find(study, `${field} != null`)).toEqual([0]);
    expect(await find(study, `${field} <= null`)).toEqual([]);
  }
});

test("values of different types are not equal and have no order", async () => {
  const study = await createStudy([1, "1", true, "true", null].map((lr) => ({ params: { lr } })));
  expect(await find(study, "params.lr = 1")).toEqual([0]);
  expect(await find(study, 'params.lr = "1"')).toEqual([1]);
  expect(await find(study, "params.lr = true")).toEqual([2]);
  expect(await find(study, "params.lr != true")).toEqual([0, 1, 3, 4]);
  expect(await find(study, 'params.lr = "true"')).toEqual([3]);
  expect(await find(study, "params.lr <= 5")).toEqual([0]);
  expect(await find(study, 'params.lr <= "2"')).toEqual([1]);
  expect(await find(study, "params.lr >= false")).toEqual([]);
  expect(
    await find(study, "number = a OR attempt < b OR number = null OR values.loss < x OR metrics.acc = true"),
  ).toEqual([]);
  expect(await find(study, "", "params.lr")).toEqual([1, 3, 0, 2, 4]);
  expect(await find(study, "", "params.lr desc")).toEqual([2, 0, 3, 1, 4]);
});

test("NaN is found as NaN, has no order and comes last", async () => {
  const study = await createStudy(
    [NaN, Infinity, -Infinity, 0].map((n) => ({ values: [n], metrics: { acc: n } })),
  );
  for (const field of ["values.loss", "metrics.acc"]) {
    expect(await find(study, `${field} = NaN`)).toEqual([0]);
    expect(await find(study, `${field} != NaN`)).toEqual([1, 2, 3]);
    expect(await find(study, `${field} >= NaN OR ${field} <= NaN`)).toEqual([]);
    expect(await find(study, `${field} > -1`)).toEqual([1, 3]);
    expect(await find(study, `${field} = Infinity`)).toEqual([1]);
    expect(await find(study, `${field} <= Infinity`)).toEqual([1, 2, 3]);
    expect(await find(study, "", field)).toEqual([2, 3, 1, 0]);
    expect(await find(study, "", `${field} desc`)).toEqual([1, 3, 2, 0]);
  }
});

test("whole numbers are compared with any number", async () => {
  const study = await createStudy(Array.from({ length: 4 }, () => ({})));
  expect(await find(study, "number < 1.5")).toEqual([0, 1]);
  expect(await find(study, "number <= 1.5")).toEqual([0, 1]);
  expect(await find(study, "number > 1.5")).toEqual([2, 3]);
  expect(await find(study, "number >= 1.5")).toEqual([2, 3]);
  expect(await find(study, "number = 1.5")).toEqual([]);
  expect(await find(study, "number < 1e300 AND number > -Infinity")).toEqual([0, 1, 2, 3]);
  expect(await find(study, "number > 1e300 OR number = Infinity OR number = NaN")).toEqual([]);
});

test("text is data, whatever it says", async () => {
  const worker = `'; drop table trial; --`;
  const study = await createStudy([
    { worker, params: { "x' or 1=1 --": "a" } },
    { worker: "\\" },
    { worker: "ü😀" },
  ]);
  expect(await find(study, `worker = ${JSON.stringify(worker)}`)).toEqual([0]);
  expect(await find(study, `params."x' or 1=1 --" = a`)).toEqual([0]);
  expect(await find(study, `params."x' or 1=1 --" != a`)).toEqual([1, 2]);
  expect(await find(study, String.raw`metrics."') or true --" < 1 OR worker = "\\"`)).toEqual([1]);
  expect(await find(study, "worker = ü😀")).toEqual([2]);
  expect(await find(study, "", `metrics."x') desc; drop table trial; --"`)).toEqual([0, 1, 2]);
});

test("the largest filters that are accepted are answered", async () => {
  const study = await createStudy(fc.sample(someSeed, { numRuns: 20, seed: 11 }));
  const wide = Array.from({ length: 100 }, () => "metrics.a<1").join(" OR ");
  expect(await find(study, `NOT (${wide})`)).toHaveLength(20);
  expect(await find(study, `${"NOT ".repeat(31)}(number >= 0)`)).toEqual([]);
});

test("a page tells when a lease ends, and the total even when it is empty", async () => {
  const study = await createStudy([{ state: 2 }, {}]);
  await pool.query("insert into running values ($1, 0, 1, 'w', 60, '2040-01-01T00:00:00Z')", [study]);
  const order = parseOrderBy("", oddNames);
  const page = await listTrials(pool, study, {
    filter: undefined,
    order,
    after: undefined,
    limit: 1,
    withReports: false,
  });
  expect(page).toMatchObject({ total: 2, next: { number: 0, keys: [0] } });
  expect(page.trials[0]?.leaseExpiresAt).toEqual(new Date("2040-01-01T00:00:00Z"));
  const behind = await listTrials(pool, study, {
    filter: undefined,
    order,
    after: { number: 1, keys: [1] },
    limit: 1,
    withReports: false,
  });
  expect(behind).toEqual({ trials: [], total: 2, next: undefined });
  const nothing = await listTrials(pool, 999_999, {
    filter: undefined,
    order,
    after: undefined,
    limit: 1,
    withReports: false,
  });
  expect(nothing).toEqual({ trials: [], total: 0, next: undefined });
});

test("a page ends early when its trials are large, and the pages still hold each of them once", async () => {
  const study = await createStudy(Array.from({ length: 40 }, () => ({})));
  // Three megabytes each as JSON, far less as stored; number 7 alone is more than a page.
  await pool.query(
    "update trial set attributes = jsonb_build_object('log', repeat('x', 3 << 20)) where study_id = $1",
    [study],
  );
  await pool.query(
    "update trial set attributes = jsonb_build_object('log', repeat('x', 20 << 20)) where study_id = $1 and number = 7",
    [study],
  );
  const sizes: number[] = [];
  const seen: number[] = [];
  let after: TrialCursor | undefined;
  do {
    const order = parseOrderBy("", oddNames);
    const page = await listTrials(pool, study, {
      filter: undefined,
      order,
      after,
      limit: 100,
      withReports: false,
    });
    expect(page.total).toBe(40);
    sizes.push(page.trials.length);
    seen.push(...page.trials.map(({ number }) => number));
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual(Array.from({ length: 40 }, (_, number) => number));
  expect(sizes).toEqual([5, 2, 1, 5, 5, 5, 5, 5, 5, 2]);
});

test("reports count in the size of a page that is read with them", async () => {
  const study = await createStudy(Array.from({ length: 10 }, () => ({})));
  await pool.query(
    `update trial set curve_steps = array(select generate_series(1, 50000)) where study_id = $1`,
    [study],
  );
  const order = parseOrderBy("", oddNames);
  const query = { filter: undefined, order, after: undefined, limit: 100 };
  expect((await listTrials(pool, study, { ...query, withReports: false })).trials).toHaveLength(10);
  expect((await listTrials(pool, study, { ...query, withReports: true })).trials).toHaveLength(3);
});

test("trials of other studies are not there", async () => {
  const study = await createStudy([{ worker: "mine" }]);
  await createStudy([{ worker: "mine" }, { worker: "mine" }]);
  expect(await find(study, "worker = mine OR number >= 0")).toEqual([0]);
});
