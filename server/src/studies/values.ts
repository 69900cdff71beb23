import type { Objective } from "../optimizer/history.ts";
import type { Metrics } from "../store/hot/metrics.ts";
import { invalid } from "./errors.ts";
import type { StudySpec } from "./spec.ts";

/** Objective values as a worker sent them: in order, or by name among the metrics. */
export interface SentValues {
  readonly values: readonly number[];
  readonly metrics: Metrics;
}

/**
 * The objective values in order.
 *
 * @param isRequired - refuse when there are none at all; otherwise answer none
 * @throws StudyError INVALID_REQUEST for a wrong number of values, METRIC_MISSING when some objective has none
 */
export function objectiveValues(
  objectives: readonly Objective[],
  sent: SentValues,
  isRequired: boolean,
): readonly number[] {
  const names = objectives.map(({ name }) => name).join(", ");
  if (sent.values.length > 0) {
    if (sent.values.length === objectives.length) return sent.values;
    throw invalid([
      {
        field: "values",
        description: `has ${sent.values.length} numbers: expected ${objectives.length}, one for each objective (${names})`,
      },
    ]);
  }
  const missing = objectives.filter(({ name }) => !Object.hasOwn(sent.metrics, name));
  if (missing.length === objectives.length && !isRequired) return [];
  if (missing.length > 0) {
    const problems = missing.map(({ name }) => ({
      field: "values",
      description: `has no value for the objective ${JSON.stringify(name)}`,
    }));
    throw invalid(problems, "METRIC_MISSING");
  }
  return objectives.map(({ name }) => sent.metrics[name] ?? NaN);
}

/** By how much each constraint is exceeded: at most 0 where it is kept, NaN where its metric was not told or is not a number. */
export function excessesOf({ constraints }: Pick<StudySpec, "constraints">, metrics: Metrics): number[] {
  return constraints.map(
    ({ metric, upper }) => (Object.hasOwn(metrics, metric) ? metrics[metric]! : NaN) - upper,
  );
}

/**
 * By how much a completed trial exceeds the study's constraints, summed; 0 is feasible. A metric that is not a number counts as
 * infinitely exceeded.
 *
 * @throws StudyError METRIC_MISSING when a constrained metric was not sent
 */
export function violationOf(spec: Pick<StudySpec, "constraints">, metrics: Metrics): number {
  const missing = spec.constraints.filter(({ metric }) => !Object.hasOwn(metrics, metric));
  if (missing.length > 0) {
    const problems = missing.map(({ metric, upper }) => ({
      field: `metrics.${metric}`,
      description: `is missing: the study requires ${metric} to be at most ${upper}`,
    }));
    throw invalid(problems, "METRIC_MISSING");
  }
  const excesses = excessesOf(spec, metrics);
  return excesses.reduce((sum, excess) => sum + (Number.isNaN(excess) ? Infinity : Math.max(0, excess)), 0);
}
