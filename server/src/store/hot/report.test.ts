import { fc } from "../../../../test/support/fast-check.ts";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool, keyLookups } from "../pool.ts";
import { askStatement } from "./ask.ts";
import { reclaimLease, sweepLeases } from "./leases.ts";
import type { Metrics } from "./metrics.ts";
import { type Report, reportStatement, runningCurve } from "./report.ts";
import { tellStatement } from "./tell.ts";
import { readMeasurements } from "./trials.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});
let pool: Pool;
beforeAll(() => {
  pool = createPool(database.connection, { settings: keyLookups });
});
afterAll(() => pool.end());

let studies = 0;

/** Minus zero is stored as zero. */
const someDouble = fc.double().map((value) => value + 0);

/** A study with one trial, number 0, which its first attempt runs. */
async function createStudy(): Promise<number> {
  const study = ++studies;
  await pool.query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, goal) values ($1, 1, 1, 1000, 0)",
    [study],
  );
  const trial = {
    params: "{}",
    worker: "w",
    leaseSeconds: 600,
    sampler: "",
    reason: "",
    fixed: null,
    expected: [],
  };
  await hand(study, { nextNumber: 0, trials: [trial], claims: [] });
  return study;
}

async function hand(
  study: number,
  batch: Pick<Parameters<typeof askStatement>[1], "nextNumber" | "trials" | "claims">,
): Promise<void> {
  const rest = {
    studyId: study,
    specVersion: 1,
    historyRevision: 1_000,
    revision: undefined,
    requests: [],
    spending: [],
  };
  expect(await askStatement(pool, { ...rest, ...batch })).toBeDefined();
}

/** Hands the trial out again. */
const claim = (study: number, attempt: number) =>
  hand(study, {
    nextNumber: 1,
    trials: [],
    claims: [{ number: 0, attempt, worker: "w", leaseSeconds: 600 }],
  });

async function letLapse(study: number): Promise<void> {
  await pool.query(
    "update running set lease_seconds = 0, lease_expires_at = now() - interval '1 s' where study_id = $1",
    [study],
  );
  expect(await sweepLeases(pool, study)).toEqual({ requeued: 1, failed: 0 });
}

interface Point {
  readonly values: readonly number[];
  readonly metrics: Metrics;
}

const someAction = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("report" as const),
      step: fc.integer({ min: 0, max: 30 }),
      values: fc.tuple(someDouble, someDouble),
      metrics: fc.oneof(
        { weight: 5, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.record({ a: someDouble }) },
      ),
      times: fc.constantFrom(1, 1, 1, 2, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("renew" as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("resume", "requeue", "reclaim") }) },
);

test("a trial has the newest report of each step of the attempt that tells, whoever had it in between", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someAction, { maxLength: 60, size: "max" }),
      fc.nat(),
      fc.boolean(),
      async (actions, teller, mayHaveReported) => {
        const study = await createStudy();
        const attempts: Map<number, Point>[] = [new Map()];
        const send = (measurement: Report["measurement"]) =>
          reportStatement(pool, [{ studyId: study, number: 0, attempt: attempts.length, measurement }]);
        for (const action of actions) {
          if (action.kind === "report") {
            const { step, values, metrics } = action;
            attempts.at(-1)?.set(step, { values, metrics });
            for (let time = 0; time < action.times; time++) {
              expect(await send({ step, values, metrics })).toMatchObject([{ attempt: attempts.length }]);
            }
          } else if (action.kind === "renew") {
            expect(await send(undefined)).toMatchObject([{ attempt: attempts.length }]);
          } else if (action.kind === "reclaim") {
            await letLapse(study);
            expect(await reclaimLease(pool, study, 0, attempts.length, 600)).toBe(true);
          } else {
            if (action.kind === "requeue") await letLapse(study);
            await claim(study, attempts.length);
            attempts.push(new Map());
          }
        }
        const running = await runningCurve(pool, study, 0, attempts.length);
        expect(new Map(running.map(({ step, values }) => [step, values]))).toEqual(valuesOf(attempts.at(-1)));
        expect(await measured(study)).toEqual(sorted(attempts.at(-1)));

        const attempt = (teller % attempts.length) + 1;
        const rest = { metrics: {}, violation: 0, failure: "", key: "k", known: undefined };
        const tell = { number: 0, attempt, state: "pruned" as const, values: [], ...rest };
        const { ended, haveReported } = await tellStatement(pool, study, [tell], mayHaveReported);
        expect(haveReported).toBe(attempts[attempt - 1]!.size > 0);
        const told = sorted(attempts[attempt - 1]);
        expect(ended.get(0)?.values).toEqual(told.at(-1)?.values ?? []);
        expect(await measured(study)).toEqual(told);
        const { rows } = await pool.query(
          "select from running where study_id = $1 union all select from curve_part where study_id = $1",
          [study],
        );
        expect(rows).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("answers stand in the order of the reports, and those without a live lease of their attempt have none", async () => {
  const [one, two] = [await createStudy(), await createStudy()];
  const report = (studyId: number, number: number, attempt?: number): Report => ({
    studyId,
    number,
    attempt,
    measurement: { step: 1, values: [1], metrics: {} },
  });
  const answers = await reportStatement(pool, [
    report(two, 1),
    report(two, 0),
    report(one, 5),
    report(one, 0),
  ]);
  expect(answers).toMatchObject([
    undefined,
    { studyId: two, number: 0 },
    undefined,
    { studyId: one, number: 0 },
  ]);
  expect(await reportStatement(pool, [report(two, 0, 2), report(one, 0, 1)])).toMatchObject([
    undefined,
    { studyId: one, reports: 2, attempt: 1, studyState: "active" },
  ]);
  expect(await reportStatement(pool, [report(two, 0, 2)])).toEqual([undefined]);
});

test("a lease ends when the answer says, to the millisecond", async () => {
  for (const leaseSeconds of [600, 0.25, 31.4159265, 1 / 3]) {
    const study = await createStudy();
    const trial = {
      params: "{}",
      worker: "w",
      leaseSeconds,
      sampler: "",
      reason: "",
      fixed: null,
      expected: [],
    };
    const leaseEnd = async () => {
      const { rows } = await pool.query(
        "select r.lease_expires_at, t.started_at from running r join trial t using (study_id, number) where study_id = $1 order by number desc",
        [study],
      );
      return rows[0];
    };
    const batch = { studyId: study, specVersion: 1, nextNumber: 1, historyRevision: 1_000, trials: [trial] };
    const grant = await askStatement(pool, {
      ...batch,
      claims: [],
      revision: undefined,
      requests: [],
      spending: [],
    });
    expect(await leaseEnd()).toEqual({
      lease_expires_at: grant?.leaseEnds[0],
      started_at: grant?.grantedAt,
    });
    const renewal = { studyId: study, number: 1, attempt: undefined, measurement: undefined };
    const [renewed] = await reportStatement(pool, [renewal]);
    expect(await leaseEnd()).toMatchObject({ lease_expires_at: renewed?.leaseExpiresAt });
  }
});

test("a worker that keeps reporting the same step takes no more room", async () => {
  const study = await createStudy();
  const report = (metrics: Metrics) =>
    reportStatement(pool, [
      { studyId: study, number: 0, attempt: 1, measurement: { step: 3, values: [1], metrics } },
    ]);
  for (let time = 0; time < 20; time++) await report(time % 3 === 0 ? { a: time } : {});
  const { rows } = await pool.query(
    "select cardinality(steps) as beside, (select count(*) from curve_part p where p.study_id = r.study_id) as parts from running r where study_id = $1",
    [study],
  );
  expect(rows).toEqual([{ beside: 1, parts: 1 }]);
});

async function measured(study: number): Promise<(Point & { step: number })[]> {
  const measurements = (await readMeasurements(pool, study, [0])).get(0) ?? [];
  return measurements.map(({ step, values, metrics }) => ({ step, values, metrics }));
}

function sorted(points: ReadonlyMap<number, Point> = new Map()): (Point & { step: number })[] {
  return [...points].toSorted(([a], [b]) => a - b).map(([step, point]) => ({ step, ...point }));
}

function valuesOf(points: ReadonlyMap<number, Point> = new Map()): Map<number, readonly number[]> {
  return new Map([...points].map(([step, { values }]) => [step, values]));
}

test("a batch renews the leases of every study that exists, and answers each study's state", async () => {
  const [active, paused, gone] = [await createStudy(), await createStudy(), await createStudy()];
  await pool.query("update study_clock set state = 2 where study_id = $1", [paused]);
  await pool.query("delete from study_clock where study_id = $1", [gone]);
  const renew = (studyId: number): Report => ({ studyId, number: 0, attempt: 1, measurement: undefined });
  expect(await reportStatement(pool, [gone, paused, active].map(renew))).toMatchObject([
    undefined,
    { studyId: paused, studyState: "paused" },
    { studyId: active, studyState: "active" },
  ]);
  expect(await reportStatement(pool, [renew(gone)])).toEqual([undefined]);
});
