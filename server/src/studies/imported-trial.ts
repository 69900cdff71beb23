import type { ImportedOutcome } from "../store/hot/add.ts";
import type { Metrics } from "../store/hot/metrics.ts";
import type { Measurement } from "../store/hot/trial-row.ts";
import type { TerminalState } from "../store/states.ts";
import { invalid } from "./errors.ts";
import type { StudySpec } from "./spec.ts";
import type { TrialSeed } from "./trial-seed.ts";
import { objectiveValues, violationOf } from "./values.ts";

/** One report of it. Without a time it counts as reported now: filled in late, since it must not tell a repeated request from the first. */
export type ImportedMeasurement = Omit<Measurement, "reportedAt"> & { readonly reportedAt: Date | undefined };

/** A trial that was evaluated elsewhere. */
export interface ImportedTrial extends TrialSeed {
  readonly values: readonly number[];
  readonly metrics: Metrics;
  /** Undefined: completed. */
  readonly state: TerminalState | undefined;
  readonly failure: string;
  readonly measurements: readonly ImportedMeasurement[];
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** How it ended, as it is stored. @throws StudyError INVALID_REQUEST, with fields relative to the trial */
export function outcomeOf(spec: StudySpec, trial: ImportedTrial): ImportedOutcome {
  const { metrics, measurements, startedAt, endedAt } = trial;
  const now = new Date();
  const asked = trial.state ?? "completed";
  const sent = objectiveValues(spec.objectives, trial, asked === "completed");
  const isNumber = sent.every((value) => !Number.isNaN(value));
  const state = asked === "completed" && !isNumber ? "failed" : asked;
  if (startedAt !== undefined && startedAt.getTime() > (endedAt?.getTime() ?? Date.now())) {
    const until = endedAt === undefined ? "now, its end" : `its end, ${endedAt.toISOString()}`;
    throw invalid([
      { field: "start_time", description: `is ${startedAt.toISOString()}: expected at most ${until}` },
    ]);
  }
  const curve = measurements.toSorted((a, b) => a.step - b.step);
  curve.forEach(({ step, values }, index) => {
    const field = `measurements[${index}]`;
    if (step === curve[index - 1]?.step) throw invalid([{ field, description: `repeats the step ${step}` }]);
    if (values.length !== spec.objectives.length) {
      throw invalid([
        {
          field: `${field}.values`,
          description: `has ${values.length} numbers: expected ${spec.objectives.length}`,
        },
      ]);
    }
  });
  const reported = state === "pruned" && sent.length === 0 ? (curve.at(-1)?.values ?? []) : sent;
  return {
    state,
    values: state === "failed" || state === "infeasible" ? [] : reported,
    metrics,
    violation: state === "completed" ? violationOf(spec, metrics) : 0,
    failure: trial.failure || (state === asked ? "" : "The objective value is not a number."),
    measurements: curve.map((measurement) => ({ ...measurement, reportedAt: measurement.reportedAt ?? now })),
    startedAt,
    endedAt,
  };
}
