import type { Parameter } from "../optimizer/space/parameter.ts";
import type { ChangedColumns } from "../store/hot/trial-columns.ts";
import type { StudySpec } from "./spec.ts";

/** Trials as columns of numbers: entry i of each is about the same trial. Times in milliseconds since 1970; NaN for what is missing. */
export interface TrialColumns extends Omit<ChangedColumns, "params" | "values" | "workers"> {
  /** One column a parameter of the study: its value, or the index of a categorical parameter's choice. */
  readonly params: readonly (readonly number[])[];
  /** One column an objective. */
  readonly values: readonly (readonly number[])[];
  /** Indices into `workerNames`. */
  readonly workers: readonly number[];
  readonly workerNames: readonly string[];
}

/** Columns of a study's trials, as numbers only. */
export function numericColumns(
  spec: Pick<StudySpec, "parameters" | "objectives">,
  columns: ChangedColumns,
): TrialColumns {
  const { params, values, workers, ...rest } = columns;
  const indices = new Map<string, number>();
  const indexOf = (name: string): number => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    indices.set(name, indices.size);
    return indices.size - 1;
  };
  return {
    ...rest,
    params: spec.parameters.map((parameter) => {
      const place = placeOf(parameter);
      return params.map((row) => place(row[parameter.name]));
    }),
    values: spec.objectives.map((_, index) => values.map((row) => row[index] ?? NaN)),
    workers: workers.map(indexOf),
    workerNames: [...indices.keys()],
  };
}

/** How a parameter's values become numbers. */
function placeOf({ domain }: Parameter): (value: unknown) => number {
  if (domain.kind !== "categorical") return (value) => (typeof value === "number" ? value : NaN);
  const places = new Map<unknown, number>(domain.choices.map((choice, index) => [choice, index]));
  return (value) => places.get(value) ?? NaN;
}
