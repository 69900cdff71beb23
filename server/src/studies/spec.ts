import type { Objective } from "../optimizer/history.ts";
import type { PrunerSpec } from "../optimizer/pruners/index.ts";
import type { SamplerSpec } from "../optimizer/samplers/index.ts";
import type { LinearConstraint } from "../optimizer/space/linear.ts";
import type { Parameter } from "../optimizer/space/parameter.ts";

/** A metric that a good trial keeps at or below a bound. */
export interface OutcomeConstraint {
  readonly metric: string;
  readonly upper: number;
}

/** An earlier study that a study began from. */
export interface SourceRef {
  /** Its full name. */
  readonly study: string;
  /** How many of its trials were taken over. */
  readonly trials: number;
  /** Its change number at that time. */
  readonly revision: number;
}

/**
 * What a study was asked to do: everything that its suggestions, prunings and stopping follow from. Stored as JSON, version by
 * version, so every value must survive JSON: no infinities, no undefined in lists.
 */
export interface StudySpec {
  readonly parameters: readonly Parameter[];
  readonly linearConstraints: readonly LinearConstraint[];
  readonly objectives: readonly Objective[];
  readonly constraints: readonly OutcomeConstraint[];
  readonly sampler: SamplerSpec;
  readonly pruner: PrunerSpec;
  readonly maxTrials: number | undefined;
  readonly maxRunning: number | undefined;
  readonly maxDurationSeconds: number | undefined;
  readonly targetValue: number | undefined;
  readonly patience: number | undefined;
  readonly maxFailureRate: number | undefined;
  readonly leaseSeconds: number;
  readonly maxAttempts: number;
  readonly replicates: number;
  /** 32 bits. */
  readonly seed: number;
  /** Absent without any. What was taken over stands in a table of its own. */
  readonly sources?: readonly SourceRef[];
}

/** Defaults of what a creator may leave out. */
export const specDefaults = {
  linearConstraints: [],
  objectives: [{ name: "value", goal: "minimize" }],
  constraints: [],
  sampler: { kind: "auto" },
  pruner: { kind: "auto" },
  maxTrials: undefined,
  maxRunning: undefined,
  maxDurationSeconds: undefined,
  targetValue: undefined,
  patience: undefined,
  maxFailureRate: undefined,
  leaseSeconds: 600,
  maxAttempts: 3,
  replicates: 1,
} as const;

/** The fields that never change once a study exists: its trials would lose their meaning. */
export const fixedFields: readonly (keyof StudySpec)[] = [
  "parameters",
  "linearConstraints",
  "objectives",
  "constraints",
  "seed",
  "sources",
];

/** The fields that two creators of the same study must agree on. The seed may be left to the server, so it is compared only if given. */
const sharedFields = [
  "parameters",
  "linearConstraints",
  "objectives",
  "constraints",
  "sampler",
  "pruner",
  "maxTrials",
  "maxRunning",
  "maxDurationSeconds",
  "targetValue",
  "patience",
  "maxFailureRate",
  "leaseSeconds",
  "maxAttempts",
  "replicates",
] as const;

/** The names of the shared fields in which two specifications differ. */
export function differingFields(
  a: StudySpec,
  b: StudySpec,
  fields: readonly (keyof StudySpec)[] = sharedFields,
): (keyof StudySpec)[] {
  return fields.filter((field) => canonical(a[field]) !== canonical(b[field]));
}

/** JSON with sorted keys and without absent fields, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A specification as JSON for the store. */
export function encodeSpec(spec: StudySpec): Readonly<Record<string, unknown>> {
  return { ...spec };
}

/** The inverse of {@link encodeSpec}: what this program wrote into the store, it trusts. */
export function decodeSpec(stored: Readonly<Record<string, unknown>>): StudySpec {
  // Studies from before there were linear constraints have none.
  const spec = { linearConstraints: [], ...stored } as unknown as StudySpec;
  return {
    ...spec,
    parameters: spec.parameters.map((parameter) => ({
      name: parameter.name,
      domain:
        parameter.domain.kind === "real"
          ? { ...parameter.domain, step: parameter.domain.step }
          : parameter.domain,
      condition: parameter.condition,
      default: parameter.default,
    })),
    maxTrials: spec.maxTrials,
    maxRunning: spec.maxRunning,
    maxDurationSeconds: spec.maxDurationSeconds,
    targetValue: spec.targetValue,
    patience: spec.patience,
    maxFailureRate: spec.maxFailureRate,
  };
}
