import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TrialSchema, type TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { expect, test } from "vitest";
import { putTrial } from "./testing/put-trial.ts";
import { COMPLETED, FAILED, PRUNED, RUNNING, WAITING, createTrialColumns } from "./trial-columns.ts";
import { workersOf } from "./workers.ts";

const NOW = 1_000_000;

/** Trials as [worker, state, start, end]; a lease of 100 s for the running ones. */
function columnsOf(trials: readonly (readonly [string, TrialState, number, number])[]) {
  const columns = createTrialColumns([], 1);
  trials.forEach(([worker, state, start, end], number) =>
    putTrial(
      columns,
      create(TrialSchema, {
        number,
        worker,
        state,
        attempt: state === WAITING ? 0 : 1,
        revision: BigInt(number + 1),
        ...(state === WAITING ? {} : { startTime: timestampFromMs(start) }),
        ...(state > RUNNING ? { endTime: timestampFromMs(end) } : {}),
        ...(state === RUNNING ? { leaseExpireTime: timestampFromMs(start + 100_000) } : {}),
      }),
    ),
  );
  return columns;
}

test("counts what each worker ended, holds and took", () => {
  const columns = columnsOf([
    ["a", COMPLETED, 0, 10_000],
    ["b", PRUNED, 0, 5_000],
    ["a", COMPLETED, 10_000, 40_000],
    ["", WAITING, 0, 0],
    ["a", FAILED, 40_000, 41_000],
    ["a", RUNNING, 950_000, 0],
  ]);
  const [a, b, ...rest] = workersOf(columns, new Map(), NOW);
  expect(rest).toEqual([]);
  expect(a).toMatchObject({
    name: "a",
    running: [5],
    completed: 2,
    failed: 1,
    ended: 3,
    streak: 1,
    newestFailure: 4,
    typical: 20_000,
    seen: 950_000,
    leaseEnds: 1_050_000,
    mood: "working",
  });
  expect(b).toMatchObject({ name: "b", pruned: 1, running: [], seen: 5_000, mood: "idle" });
  expect(b?.leaseEnds).toBeNaN();
});

test("a worker whose last three trials failed stands out, until one succeeds", () => {
  const failures = [1, 2, 3].map((i) => ["x", FAILED, i, i + 1] as const);
  expect(workersOf(columnsOf(failures), new Map(), NOW)[0]).toMatchObject({ mood: "failing", streak: 3 });
  const recovered = [...failures, ["x", COMPLETED, 5, 6] as const];
  expect(workersOf(columnsOf(recovered), new Map(), NOW)[0]).toMatchObject({ mood: "idle", streak: 0 });
});

test("a worker is silent when little of its lease is left, unless it has renewed it", () => {
  const columns = columnsOf([["a", RUNNING, 910_000, 0]]);
  expect(workersOf(columns, new Map(), NOW)[0]?.mood).toBe("silent");
  const renewed = new Map([[0, { ends: 1_095_000, seen: 995_000 }]]);
  expect(workersOf(columns, renewed, NOW)[0]).toMatchObject({ mood: "working", seen: 995_000 });
});
