/** One line of the comparison: a value for each of what is compared, in its order. */
export interface ComparedLine {
  readonly key: string;
  readonly label: string;
  readonly values: readonly unknown[];
  readonly differs: boolean;
  /** Which of the values are the best of an objective. */
  readonly best: readonly boolean[];
}

/** A line from its values, none of them marked as the best. */
export function lineOf(key: string, label: string, values: readonly unknown[]): ComparedLine {
  return {
    key,
    label,
    values,
    differs: values.some((value) => !same(value, values[0])),
    best: values.map(() => false),
  };
}

function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
