import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { brushTest, parallelLines, readBrushes, shareAt, valueAt, writeBrushes } from "./parallel.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";

const base = { kind: "real" as const, choices: [] };
const columns = createTrialColumns(
  [
    { ...base, name: "lr", low: 1e-4, high: 1, log: true },
    { ...base, name: "momentum", low: 0, high: 1, log: false },
  ],
  1,
);
const trials = [
  { params: { lr: 1e-2, momentum: 0.25 }, values: [3] },
  { params: { lr: 1 }, values: [1] },
  { params: { lr: 1e-4, momentum: 1 }, values: [2] },
];
trials.forEach((trial, number) =>
  putTrial(columns, create(TrialSchema, { number, state: TrialState.COMPLETED, ...trial })),
);
putTrial(columns, create(TrialSchema, { number: 3, state: TrialState.FAILED, params: { lr: 1e-3 } }));
const lines = parallelLines(columns, [{ name: "loss", sign: 1 }]);

describe("parallel lines", () => {
  test("run from the worst to the best and leave out what has no value", () => {
    expect([...lines.rows]).toEqual([0, 2, 1]);
    expect([...lines.ranks]).toEqual([0, 0.5, 1]);
  });

  test("lie at the shares of their axes, on a log axis by decades", () => {
    expect(lines.axes.map(({ key }) => key)).toEqual(["params.lr", "params.momentum", "values.loss"]);
    const [lr, momentum, loss] = lines.axes;
    expect([...lr!.shares].map((share) => Number(share.toFixed(6)))).toEqual([0.5, 0, 1]);
    expect([...momentum!.shares]).toEqual([0.25, 1, NaN]);
    expect([...loss!.shares]).toEqual([1, 0.5, 0]);
  });

  test("are within the brushes only with a value on each brushed axis", () => {
    const targets = [{ name: "loss", sign: 1 as const }];
    const within = (...brushes: [string, readonly [number, number]][]) => {
      const test = brushTest(columns, targets, new Map(brushes));
      return test === undefined ? undefined : [0, 1, 2, 3].map(test);
    };
    expect(within()).toBeUndefined();
    expect(within(["params.momentum", [0, 1]])).toEqual([true, false, true, false]);
    expect(within(["params.lr", [1e-3, 1]], ["values.loss", [0, 2]])).toEqual([false, true, false, false]);
  });

  test("are not within a brush of many decades that begins above them", () => {
    const wide = { ...columns, values: [Float64Array.of(1e-9, 1e-8, 1e-3, 1)], length: 4 };
    const test = brushTest(
      wide,
      [{ name: "loss", sign: 1 }],
      new Map([["values.loss", [1e-8, 0.1] as const]]),
    );
    expect([0, 1, 2, 3].map((row) => test?.(row))).toEqual([false, true, true, false]);
  });
});

describe("brushes", () => {
  test("survive the address", () => {
    const brushes = new Map([
      ["params.lr", [0.001, 0.1] as const],
      ["values.a,b~c", [-1, 2] as const],
    ]);
    expect(readBrushes(writeBrushes(brushes))).toEqual(brushes);
    expect(readBrushes("params.lr~x~1,rubbish,~1~2").size).toBe(0);
    expect([...readBrushes("50%~1~2,params.lr~0~1").keys()]).toEqual(["params.lr"]);
  });

  test("turn values into shares and back", () => {
    const axis = { low: 10, high: 1000, log: true };
    expect(valueAt(axis, 0.5)).toBeCloseTo(100, 9);
    expect(shareAt(axis, 100)).toBeCloseTo(0.5, 12);
  });
});
