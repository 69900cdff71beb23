import { create } from "@bufbuild/protobuf";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { expect, test } from "vitest";
import { compareMetrics, compareParams, compareValues } from "./compare-trials.ts";
import type { Dimension } from "./spec.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";

const dimension = (name: string, rest: Partial<Dimension> = {}): Dimension => ({
  name,
  kind: "real",
  low: 0,
  high: 1,
  log: false,
  choices: [],
  ...rest,
});
const dimensions = [
  dimension("lr"),
  dimension("act", { kind: "categorical", high: 1, choices: ["relu", "tanh"] }),
  dimension("momentum"),
];

test("marks what differs and what is best by each objective's goal", () => {
  const columns = createTrialColumns(dimensions, 2);
  const trials = [
    { values: [0.5, 10], params: { lr: 0.1, act: "relu" } },
    { values: [0.3, 10], params: { lr: 0.1, act: "tanh", momentum: 0.9 } },
    { values: [], params: { lr: 0.1, act: "relu" } },
  ];
  trials.forEach(({ values, params }, number) =>
    putTrial(columns, create(TrialSchema, { number, state: TrialState.COMPLETED, values, params })),
  );
  const targets = [
    { name: "loss", sign: 1 },
    { name: "speed", sign: -1 },
  ] as const;
  const [loss, speed] = compareValues(columns, targets, [0, 1]);
  expect(loss).toMatchObject({ values: [0.5, 0.3], differs: true, best: [false, true] });
  expect(speed).toMatchObject({ values: [10, 10], differs: false, best: [false, false] });
  expect(compareValues(columns, targets, [2, 0])[1]).toMatchObject({
    values: [undefined, 10],
    best: [false, true],
  });
  expect(
    compareParams(columns, [0, 1]).map(({ label, values, differs }) => [label, values, differs]),
  ).toEqual([
    ["lr", [0.1, 0.1], false],
    ["act", ["relu", "tanh"], true],
    ["momentum", [undefined, 0.9], true],
  ]);
});

test("lists every metric that any trial has, by name", () => {
  expect(compareMetrics([{ b: 1 }, { a: NaN, b: 1 }])).toMatchObject([
    { label: "a", values: [undefined, NaN], differs: true },
    { label: "b", values: [1, 1], differs: false },
  ]);
});
