import { fc } from "../../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { dominates } from "../../analysis/testing/dominates.ts";
import { frontsOf } from "./fronts.ts";

const rows = (width: number) =>
  fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Infinity)), {
      minLength: width,
      maxLength: width,
    }),
    {
      maxLength: 40,
    },
  );

test("a row's front is one beyond the last of those that dominate it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }).chain(rows), (losses) => {
      const fronts = frontsOf(losses);
      losses.forEach((row, i) => {
        const above = losses.flatMap((other, j) => (dominates(other, row) ? [fronts[j]!] : []));
        expect(fronts[i]).toBe(Math.max(-1, ...above) + 1);
      });
    }),
  );
});
