import { type PrunerSpec, prunerKinds } from "../../optimizer/pruners/index.ts";
import type { Json } from "../python-json.ts";
import { type Counterpart, type Rule, counterpartOf, wholeNumber } from "./arguments.ts";

const anyNumber = (field: string): Rule => ({ field, min: -Number.MAX_VALUE, max: Number.MAX_VALUE });

const steps = {
  n_warmup_steps: wholeNumber("warmupSteps", 0),
  interval_steps: wholeNumber("intervalSteps", 1),
};
const ranking = {
  n_startup_trials: wholeNumber("startupTrials", 0, 10_000),
  n_min_trials: wholeNumber("minTrials", 1, 10_000),
  ...steps,
};
const least: Rule = { field: "minResource", min: 1, max: 2 ** 31 - 1, isWhole: true, unset: "auto" };
const most: Rule = { ...least, field: "maxResource" };
const halving = {
  reduction_factor: wholeNumber("reductionFactor", 2, 100),
  // A trial that is never stopped before so many have reached its rung is not among ours.
  bootstrap_count: { accepts: [0] },
};

/** Optuna's pruners as ours. The Hopaas client calls Hyperband's resources by the plural. */
const table: Readonly<Record<string, Counterpart>> = {
  NopPruner: { kind: "none", args: {} },
  MedianPruner: { kind: "median", args: ranking },
  PercentilePruner: {
    kind: "percentile",
    args: { percentile: { field: "percentile", min: Number.MIN_VALUE, max: 100 - 1e-9 }, ...ranking },
  },
  HyperbandPruner: {
    kind: "hyperband",
    args: { min_resource: least, min_resources: least, max_resource: most, max_resources: most, ...halving },
    check: ({ minResource = 1, maxResource = Infinity }) =>
      minResource > maxResource ? `${minResource} to ${maxResource} resources are none` : undefined,
  },
  SuccessiveHalvingPruner: {
    kind: "asha",
    args: {
      min_resource: least,
      min_early_stopping_rate: wholeNumber("minEarlyStoppingRate", 0, 20),
      ...halving,
    },
  },
  ThresholdPruner: {
    kind: "threshold",
    args: { lower: anyNumber("lower"), upper: anyNumber("upper"), ...steps },
    check({ lower, upper }) {
      if (lower === undefined && upper === undefined) return "needs lower, upper or both";
      return (lower ?? -Infinity) > (upper ?? Infinity)
        ? `lower ${lower} is above upper ${upper}`
        : undefined;
    },
  },
  PatientPruner: {
    kind: "patience",
    args: {
      wrapped_pruner: { accepts: [null] },
      patience: wholeNumber("patience", 1, 1_000_000),
      min_delta: { field: "minDelta", min: 0, max: Number.MAX_VALUE },
    },
  },
  WilcoxonPruner: {
    kind: "wilcoxon",
    args: {
      p_threshold: { field: "pThreshold", min: Number.MIN_VALUE, max: 1 - 1e-9 },
      n_startup_steps: wholeNumber("startupSteps", 2),
    },
  },
};

/** The pruner that a study asks for; none if it names none. @throws GatewayRefusal 422 */
export function prunerOf(given: Json | undefined): PrunerSpec {
  if (given === undefined || given === null) return { kind: "none" };
  const { kind, options } = counterpartOf("pruner", given, table, prunerKinds);
  // The kind is one of this server's, and the fields of the table above are its own.
  return { kind, ...options } as PrunerSpec;
}
