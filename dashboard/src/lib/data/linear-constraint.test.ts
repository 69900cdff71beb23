import { create } from "@bufbuild/protobuf";
import { LinearConstraintSchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { describeLinear } from "./linear-constraint.ts";

test("a linear constraint reads as people write it", () => {
  const describe = (upper: number, ...terms: [number, string][]): string =>
    describeLinear(
      create(LinearConstraintSchema, {
        upper,
        terms: terms.map(([coefficient, parameter]) => ({ coefficient, parameter })),
      }),
    );
  expect(describe(512, [1, "wide"], [1, "deep"])).toBe("wide + deep ≤ 512");
  expect(describe(-0.5, [-1, "a"], [2.5, "n"], [-3, "x"])).toBe("−a + 2.5 n − 3 x ≤ −0.5");
});
