import type { TrialState } from "../states.ts";

/** A field of trials that lists can be filtered and ordered by. */
export type TrialField =
  | { readonly kind: "state" }
  | { readonly kind: "number" | "attempt" | "worker" }
  | { readonly kind: "params" | "metrics"; readonly name: string }
  /** An objective; `index` is its place in the study's objectives. */
  | { readonly kind: "values"; readonly name: string; readonly index: number };

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * What holds of a trial whose field has a value on the right side of an operator. Always true or false:
 * - numbers are compared with numbers, text with text by code points; values of different types are not equal and have no order;
 * - NaN equals NaN only, and has no order; true, false and null have no order;
 * - null is the value of a field that is missing, and of a parameter that is null;
 * - `!=` is the opposite of `=`, so a missing field differs from everything but null, and fails every other comparison.
 */
export interface Comparison {
  readonly kind: "comparison";
  readonly field: Exclude<TrialField, { kind: "state" }>;
  readonly operator: ComparisonOperator;
  readonly value: number | string | boolean | null;
}

/** Whether a trial is in a state. */
export interface StateComparison {
  readonly kind: "state";
  readonly operator: "=" | "!=";
  readonly state: TrialState;
}

/** Which trials to list. */
export type TrialFilter =
  | Comparison
  | StateComparison
  | { readonly kind: "not"; readonly operand: TrialFilter }
  | { readonly kind: "and" | "or"; readonly operands: readonly TrialFilter[] };

export interface OrderKey {
  readonly field: TrialField;
  readonly descending: boolean;
}

/**
 * How to order trials: by each key in turn, and equals by number. Missing values, null and NaN come last in both directions.
 * States follow the life of a trial; of parameters, text sorts before numbers and numbers before false and true.
 */
export type TrialOrder = readonly OrderKey[];

/** A trial's place in an order: its value of a key, null when it comes last. */
export type SortKey = number | string | boolean | null;

/** The trial that a page of a list ended with. */
export interface TrialCursor {
  readonly number: number;
  /** One for each key of the order, as they were then; undefined stands for what the trial has now. */
  readonly keys: readonly (SortKey | undefined)[];
}
