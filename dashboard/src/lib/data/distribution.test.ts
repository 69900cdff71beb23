import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { TrialSchema, TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { distributionOf } from "./distribution.ts";
import { putTrial } from "./testing/put-trial.ts";
import { createTrialColumns } from "./trial-columns.ts";

test("rises by an equal share at each value, and is thinned out only above a thousand", () => {
  const columns = createTrialColumns([], 1);
  [4, 1, 3, 2].forEach((value, number) =>
    putTrial(columns, create(TrialSchema, { number, state: TrialState.COMPLETED, values: [value] })),
  );
  putTrial(columns, create(TrialSchema, { number: 4, state: TrialState.PRUNED, values: [0] }));
  expect(distributionOf(columns, 0)).toEqual({
    values: [1, 2, 3, 4],
    shares: [0.25, 0.5, 0.75, 1],
    count: 4,
    median: 2,
  });
  for (let number = 5; number < 3_000; number++)
    putTrial(columns, create(TrialSchema, { number, state: TrialState.COMPLETED, values: [number] }));
  const many = distributionOf(columns, 0);
  expect(many.values).toHaveLength(1_000);
  expect([many.values[0], many.values.at(-1), many.shares.at(-1)]).toEqual([1, 2_999, 1]);
});
