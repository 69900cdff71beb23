import { fc } from "./fast-check.ts";
import type { Comparison, TrialFilter, TrialOrder } from "../../server/src/store/hot/trial-query.ts";
import { trialStates } from "../../server/src/store/states.ts";
import type { KnownNames } from "../../server/src/studies/filter/index.ts";

/** Names that need quotes, and names that are traps for whoever forgets that they are data. */
export const oddNames: KnownNames = {
  objectives: ["loss", 'time to "target"', "__proto__"],
  parameters: ["lr", "learning rate", "AND", "a.b", "x' or 1=1 --", "ü😀", "constructor"],
};
const metricNames = ["acc", "top-5", "constructor", "a\\b"];

const field: fc.Arbitrary<Comparison["field"]> = fc.oneof(
  fc.constantFrom("number", "attempt", "worker").map((kind) => ({ kind }) as const),
  fc.constantFrom(...oddNames.parameters).map((name) => ({ kind: "params", name }) as const),
  fc.constantFrom(...metricNames).map((name) => ({ kind: "metrics", name }) as const),
  fc
    .nat({ max: oddNames.objectives.length - 1 })
    .map((index) => ({ kind: "values", name: oddNames.objectives[index]!, index }) as const),
);

/** Few values, which trials have as well, so that comparisons hold about as often as not. */
export const someNumber = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -2, max: 6 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      0.1,
      0.3,
      1e-3,
      2.5,
      1e21,
      5e-324,
      1.7976931348623157e308,
      Infinity,
      -Infinity,
      NaN,
    ),
  },
  { weight: 1, arbitrary: fc.double().map((number) => number + 0) },
);
export const someText = fc.constantFrom(
  "",
  "a",
  "b",
  "B",
  "node-7",
  "true",
  "1",
  "NaN",
  'say "hi"\\\n',
  "ü",
  "😀",
  "\uffee",
  "'; drop table trial; --",
);
const value = fc.oneof(someNumber, someText, fc.boolean(), fc.constant(null));

const comparison: fc.Arbitrary<Comparison> = fc
  .record({
    kind: fc.constant("comparison" as const),
    field,
    operator: fc.constantFrom("=", "!=", "<", "<=", ">", ">="),
    value,
  })
  // What is compared with a worker is always text.
  .map((made) => (made.field.kind === "worker" ? { ...made, value: String(made.value) } : made));

const state = fc.record({
  kind: fc.constant("state" as const),
  operator: fc.constantFrom("=", "!="),
  state: fc.constantFrom(...trialStates).filter((name) => name !== "unspecified"),
});

/** Filters over {@link oddNames}. */
export const someFilter: fc.Arbitrary<TrialFilter> = fc.letrec<{ filter: TrialFilter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    state,
    fc.record({ kind: fc.constant("not" as const), operand: tie("filter") }),
    fc.record({
      kind: fc.constantFrom("and", "or"),
      operands: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).filter;

/** Orders over {@link oddNames}. */
export const someOrder: fc.Arbitrary<TrialOrder> = fc.uniqueArray(
  fc.record({ field: fc.oneof(field, fc.constant({ kind: "state" as const })), descending: fc.boolean() }),
  { minLength: 1, maxLength: 4, selector: (key) => JSON.stringify(key.field) },
);
