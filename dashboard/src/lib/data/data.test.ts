import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { ParameterSchema, StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { bestSoFar, endOrder } from "./best-so-far.ts";
import { frontSize, paretoFront } from "./pareto.ts";
import { decodeValue, dimensionsOf, encodeValue, targetsOf, type Target } from "./spec.ts";
import { putTrial } from "./testing/put-trial.ts";
import { COMPLETED, createTrialColumns, type TrialColumns } from "./trial-columns.ts";

const parameters = [
  create(ParameterSchema, {
    name: "lr",
    domain: { case: "real", value: { low: 1e-5, high: 0.1, log: true } },
  }),
  create(ParameterSchema, { name: "layers", domain: { case: "integer", value: { low: 1n, high: 4n } } }),
  create(ParameterSchema, {
    name: "act",
    domain: {
      case: "categorical",
      value: {
        choices: [
          { kind: { case: "stringValue", value: "relu" } },
          { kind: { case: "boolValue", value: true } },
        ],
      },
    },
  }),
];
const dimensions = dimensionsOf(create(StudySchema, { parameters }));
const minimise: Target = { name: "loss", sign: 1 };
const maximise: Target = { name: "score", sign: -1 };

function completed(values: readonly (number | undefined)[][]): TrialColumns {
  const columns = createTrialColumns([], values[0]?.length ?? 1, 2);
  values.forEach((point, number) =>
    putTrial(
      columns,
      create(TrialSchema, {
        number,
        state: TrialState.COMPLETED,
        values: point.map((value) => value ?? NaN),
        revision: BigInt(number),
      }),
    ),
  );
  return columns;
}

describe("the search space", () => {
  test("puts every value on a number line and takes it back", () => {
    expect(dimensions.map(({ kind, low, high, log }) => [kind, low, high, log])).toEqual([
      ["real", 1e-5, 0.1, true],
      ["integer", 1, 4, false],
      ["categorical", 0, 1, false],
    ]);
    const act = dimensions[2]!;
    expect(encodeValue(act, true)).toBe(1);
    expect(decodeValue(act, 1)).toBe(true);
    expect(encodeValue(act, "tanh")).toBeNaN();
    expect(encodeValue(act, undefined)).toBeNaN();
  });

  test("settles goals: smaller is better unless said otherwise", () => {
    expect(targetsOf({ objectives: [] })).toEqual([{ name: "value", sign: 1 }]);
    expect(targetsOf({ objectives: [{ name: "auc", goal: 2 }] })).toEqual([{ name: "auc", sign: -1 }]);
  });
});

describe("the columns", () => {
  test("grow beyond their first size and keep what they hold", () => {
    const columns = createTrialColumns(dimensions, 1, 1);
    for (let number = 0; number < 100; number++) {
      putTrial(
        columns,
        create(TrialSchema, {
          number,
          state: TrialState.COMPLETED,
          params: { lr: number, layers: 2, act: "relu" },
          values: [number],
        }),
      );
    }
    expect(columns.length).toBe(100);
    expect(Array.from(columns.values[0]!.subarray(0, 100))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(columns.params[0]![99]).toBe(99);
    expect(columns.params[2]![50]).toBe(0);
  });

  test("never let an older copy of a trial replace a newer one", () => {
    const columns = createTrialColumns([], 1);
    putTrial(
      columns,
      create(TrialSchema, { number: 0, state: TrialState.COMPLETED, values: [1], revision: 9n }),
    );
    putTrial(columns, create(TrialSchema, { number: 0, state: TrialState.RUNNING, revision: 4n }));
    expect(columns.state[0]).toBe(COMPLETED);
  });

  test("keep one number for each worker and the times in milliseconds", () => {
    const columns = createTrialColumns([], 1);
    for (const [number, worker] of ["a", "b", "a"].entries()) {
      putTrial(
        columns,
        create(TrialSchema, {
          number,
          worker,
          state: TrialState.RUNNING,
          startTime: timestampFromMs(1_000 + number),
        }),
      );
    }
    expect(Array.from(columns.worker.subarray(0, 3))).toEqual([1, 2, 1]);
    expect(columns.started[2]).toBe(1_002);
    expect(columns.ended[2]).toBeNaN();
  });
});

describe("the best so far", () => {
  test("steps down when minimising and up when maximising", () => {
    const columns = completed([[3], [5], [2], [2], [4], [1]]);
    expect(bestSoFar(columns, minimise)).toEqual({ rows: [0, 2, 5], values: [3, 2, 1] });
    expect(bestSoFar(columns, maximise)).toEqual({ rows: [0, 1], values: [3, 5] });
  });

  test("leaves out trials that broke a constraint, did not complete, or told no number", () => {
    const columns = completed([[3], [undefined], [2]]);
    columns.violation[2] = 0.1;
    expect(bestSoFar(columns, minimise).rows).toEqual([0]);
    expect(bestSoFar(createTrialColumns([], 1), minimise).rows).toEqual([]);
  });

  test("follows the order in which results became known", () => {
    const columns = completed([[1], [3], [2]]);
    columns.endRevision.set([30, 10, 20]);
    expect([...endOrder(columns)]).toEqual([1, 2, 0]);
    expect(bestSoFar(columns, minimise, 0, endOrder(columns)).values).toEqual([3, 2, 1]);
  });
});

describe("the Pareto front", () => {
  test("is what no other point beats in both objectives", () => {
    const columns = completed([
      [1, 5],
      [2, 3],
      [3, 4],
      [4, 1],
      [2, 6],
      [4, 1],
    ]);
    const targets = [minimise, minimise];
    expect(paretoFront(columns, targets)).toEqual([0, 1, 3]);
    expect(paretoFront(columns, [minimise, maximise])).toEqual([0, 4]);
    // Equal trials share a place on the line, but each of them is unbeaten.
    expect(frontSize(columns, targets)).toBe(4);
    expect(frontSize(columns, [minimise, maximise])).toBe(2);
  });
});
