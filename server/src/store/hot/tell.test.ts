import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { createPool, keyLookups } from "../pool.ts";
import type { NewTrial } from "./ask.ts";
import { askStatement } from "./ask.ts";
import { readClock } from "./clock.ts";
import { reclaimLease, sweepLeases } from "./leases.ts";
import { reportStatement } from "./report.ts";
import { type Tell, type TellAnswer, tellStatement } from "./tell.ts";
import { readTrials, setTrialAttributes } from "./trials.ts";

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

const trial: NewTrial = {
  params: '{"lr": 0.1, "name": "ä \\"quoted\\", {braced}", "none": null}',
  worker: 'node "7", {ü}\\n',
  leaseSeconds: 600,
  sampler: "random",
  reason: "chosen, as 'usual'",
  fixed: '{"lr": 0.1}',
  expected: [NaN, Infinity, -0.1, 1e-300],
};

/** A study whose first worker runs so many trials. */
async function createStudy(running: number, trials: NewTrial = trial): Promise<number> {
  const studyId = ++studies;
  await pool.query(
    "insert into study_clock (study_id, state, spec_version, max_attempts, max_trials, goal) values ($1, 1, 1, 9, $2, 1)",
    [studyId, running],
  );
  const batch = {
    studyId,
    specVersion: 1,
    nextNumber: 0,
    historyRevision: 7,
    revision: undefined,
    requests: [],
    spending: [],
  };
  const grant = await askStatement(pool, {
    ...batch,
    claims: [],
    trials: Array.from({ length: running }, () => trials),
  });
  expect(grant).toBeDefined();
  return studyId;
}

const tellOf = (number: number, rest: Partial<Tell> = {}): Tell => ({
  number,
  attempt: undefined,
  state: "completed",
  values: [number],
  metrics: {},
  violation: 0,
  failure: "",
  key: `key-${number}`,
  known: undefined,
  ...rest,
});

/** Gives leases back as a sweep does when their workers have fallen silent. */
async function letLapse(studyId: number, numbers: readonly number[]): Promise<void> {
  await pool.query(
    "update running set lease_seconds = 0, lease_expires_at = now() - interval '1 s' where study_id = $1 and number = any($2::int[])",
    [studyId, numbers],
  );
  expect(await sweepLeases(pool, studyId)).toEqual({ requeued: numbers.length, failed: 0 });
}

/** How trials are told: whether reports are expected, and whether the teller remembers the trials as they are now. */
const manners = [true, false].flatMap((mayHaveReported) =>
  [true, false].map((isKnown) => ({ mayHaveReported, isKnown })),
);

/** Tells as of a process that remembers the study's trials as they are now, or as of another one. */
async function tellingOf(studyId: number, isKnown: boolean): Promise<typeof tellOf> {
  const trials = await readTrials(
    pool,
    studyId,
    Array.from({ length: 99 }, (_, number) => number),
  );
  const known = new Map(trials.map((own) => [own.number, own]));
  return (number, rest) => tellOf(number, { known: isKnown ? known.get(number) : undefined, ...rest });
}

/** What the tell answered is what the tables hold. */
async function expectAsStored(studyId: number, { ended }: TellAnswer): Promise<void> {
  const stored = await readTrials(pool, studyId, [...ended.keys()]);
  expect([...ended.values()].toSorted((a, b) => a.number - b.number)).toEqual(stored);
}

const report = (studyId: number, number: number, attempt = 1) =>
  reportStatement(pool, [
    { studyId, number, attempt, measurement: { step: 1, values: [0.25], metrics: {} } },
  ]);

test.each(manners)(
  "a tell answers the trial as it is stored: $mayHaveReported, $isKnown",
  async ({ mayHaveReported, isKnown }) => {
    const study = await createStudy(6);
    const tellOne = await tellingOf(study, isKnown);
    await setTrialAttributes(pool, study, 3, '{"note": ["a", 1, {"b": null}]}');
    await report(study, 5);
    const metrics = { loss: NaN, size: -Infinity, "odd name, {}": 3 };
    const answer = await tellStatement(
      pool,
      study,
      [
        tellOne(4, { state: "pruned", values: [] }),
        tellOne(0, { values: [0.1], metrics, violation: Infinity }),
        tellOne(3, { values: [-Infinity], attempt: 1 }),
        tellOne(1, { state: "failed", values: [], failure: 'out of "memory", {}\\', key: "a, {b}" }),
        tellOne(2, { state: "infeasible", values: [] }),
        tellOne(5, { state: "pruned", values: [] }),
      ],
      mayHaveReported,
    );
    expect(new Set(answer.ended.keys())).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(answer.ended.get(5)?.values).toEqual([0.25]);
    expect(answer).toMatchObject({ studyState: "finished", haveReported: true });
    await expectAsStored(study, answer);
  },
);

test.each(manners)(
  "trials of later attempts, given back ones and others that cannot be told share a batch: $mayHaveReported, $isKnown",
  async ({ mayHaveReported, isKnown }) => {
    const study = await createStudy(7);
    const tellOne = await tellingOf(study, isKnown);
    await letLapse(study, [1, 2, 3, 6]);
    // Trial 1 waits, its worker gets trial 2 back, and trial 3 has gone to another one.
    expect(await reclaimLease(pool, study, 2, 1, 600)).toBe(true);
    const claims = [{ number: 3, attempt: 1, worker: "other", leaseSeconds: 600 }];
    const batch = {
      studyId: study,
      specVersion: 1,
      nextNumber: 7,
      historyRevision: 1_000,
      revision: undefined,
      requests: [],
      spending: [],
    };
    expect(await askStatement(pool, { ...batch, claims, trials: [] })).toBeDefined();
    await tellStatement(pool, study, [tellOne(5)], mayHaveReported);

    const answer = await tellStatement(
      pool,
      study,
      [
        tellOne(0, { values: [-0] }),
        tellOne(1),
        tellOne(2, { attempt: 1 }),
        tellOne(3, { attempt: 2, values: [-1] }),
        // Neither of these: an attempt that never was, one that has ended, one that does not exist.
        tellOne(4, { attempt: 2 }),
        tellOne(5, { key: "again" }),
        tellOne(100),
      ],
      mayHaveReported,
    );
    expect(new Set(answer.ended.keys())).toEqual(new Set([0, 1, 2, 3]));
    expect(answer).toMatchObject({ studyState: "active", haveReported: false });
    await expectAsStored(study, answer);
    expect(await readClock(pool, study)).toMatchObject({
      counts: { waiting: 1, running: 1, completed: 5, pruned: 0, failed: 0, infeasible: 0 },
      best: { number: 3, value: -1 },
    });
    expect(await tellStatement(pool, study, [tellOne(0)], mayHaveReported)).toEqual({
      ended: new Map(),
      studyState: undefined,
      haveReported: false,
    });
  },
);

test("an end carries its own change number, in the order of the trials", async () => {
  const study = await createStudy(64, { ...trial, fixed: null, expected: [] });
  const before = (await readClock(pool, study))!.revision;
  const numbers = Array.from({ length: 64 }, (_, index) => (index * 29) % 64);
  const answer = await tellStatement(
    pool,
    study,
    numbers.map((number) => tellOf(number)),
    false,
  );
  expect([...answer.ended.values()].map(({ number, revision }) => revision - before - number)).toEqual(
    numbers.map(() => 1),
  );
  await expectAsStored(study, answer);
  expect((await readClock(pool, study))!.revision).toBe(before + 64);
});
