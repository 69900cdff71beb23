import { type MessageInitShape, create } from "@bufbuild/protobuf";
import {
  Goal,
  type Parameter as WireParameter,
  ParameterSchema,
  type PrunerSpec as WirePruner,
  PrunerSpecSchema,
  type SamplerSpec as WireSampler,
  SamplerSpecSchema,
  type StudySchema,
} from "@asktell/proto/asktell/v1/study_pb";
import type { PrunerSpec } from "../optimizer/pruners/index.ts";
import type { SamplerSpec } from "../optimizer/samplers/index.ts";
import type { Domain, Parameter } from "../optimizer/space/parameter.ts";
import type { StudySpec } from "../studies/spec.ts";
import type { Choice } from "./read-spec.ts";
import { durationOf, wireValue } from "./values.ts";

/** The fields of a Study message that hold a specification. */
export function wireSpec(spec: StudySpec): MessageInitShape<typeof StudySchema> {
  return {
    parameters: spec.parameters.map(wireParameter),
    linearConstraints: spec.linearConstraints.map(({ terms, upper }) => ({ terms: [...terms], upper })),
    objectives: spec.objectives.map(({ name, goal }) => ({
      name,
      goal: goal === "maximize" ? Goal.MAXIMIZE : Goal.MINIMIZE,
    })),
    constraints: spec.constraints.map(({ metric, upper }) => ({ metric, upper })),
    sampler: wireSampler(spec.sampler),
    pruner: wirePruner(spec.pruner),
    leaseDuration: durationOf(spec.leaseSeconds),
    maxAttempts: spec.maxAttempts,
    replicates: spec.replicates,
    seed: spec.seed,
    sources: (spec.sources ?? []).map((source) => ({ ...source, revision: BigInt(source.revision) })),
    ...optional({
      maxTrials: spec.maxTrials,
      maxRunning: spec.maxRunning,
      maxDuration: durationOf(spec.maxDurationSeconds),
      targetValue: spec.targetValue,
      patience: spec.patience,
      maxFailureRate: spec.maxFailureRate,
    }),
  };
}

/** Messages leave an absent field out; they do not hold undefined. */
function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function wireParameter(parameter: Parameter): WireParameter {
  const { name, domain, condition } = parameter;
  return create(ParameterSchema, {
    name,
    domain: wireDomain(domain),
    ...(condition === undefined
      ? {}
      : { condition: { parent: condition.parent, values: condition.values.map(wireValue) } }),
    ...(parameter.default === undefined ? {} : { default: wireValue(parameter.default) }),
  });
}

function wireDomain(domain: Domain): NonNullable<MessageInitShape<typeof ParameterSchema>["domain"]> {
  switch (domain.kind) {
    case "real": {
      const { low, high, log, step, prior } = domain;
      return { case: "real", value: { low, high, log, ...optional({ step, prior }) } };
    }
    case "integer": {
      const { low, high, log, step, prior } = domain;
      const bounds = { low: BigInt(low), high: BigInt(high), step: BigInt(step) };
      return { case: "integer", value: { ...bounds, log, ...optional({ prior }) } };
    }
    case "categorical":
      return {
        case: "categorical",
        value: {
          choices: domain.choices.map(wireValue),
          ordered: domain.ordered,
          weights: [...(domain.weights ?? [])],
        },
      };
  }
}

function wireSampler(spec: SamplerSpec): WireSampler {
  return create(SamplerSpecSchema, { sampler: oneofOf(spec) as WireSampler["sampler"] });
}

function wirePruner(spec: PrunerSpec): WirePruner {
  return create(PrunerSpecSchema, { pruner: oneofOf(spec) as WirePruner["pruner"] });
}

/** A kind as a oneof has it: the inverse of what `read-spec.ts` does. */
function oneofOf({ kind, ...value }: { readonly kind: string }): Choice {
  return { case: kind.replaceAll(/-[a-z]/g, (pair) => pair.slice(1).toUpperCase()), value };
}
