import { type MessageInitShape, create } from "@bufbuild/protobuf";
import {
  Goal,
  type Parameter as WireParameter,
  ParameterSchema,
  type PrunerSpec as WirePruner,
  PrunerSpecSchema,
  type SamplerSpec as WireSampler,
  SamplerSpecSchema,
  type Study as WireStudy,
  type StudySchema,
} from "@asktell/proto/asktell/v1/study_pb";
import type { Value } from "@bufbuild/protobuf/wkt";
import type { Objective } from "../optimizer/history.ts";
import type { PrunerSpec } from "../optimizer/pruners/index.ts";
import type { SamplerSpec } from "../optimizer/samplers/index.ts";
import type { Domain, Parameter, ParameterValue } from "../optimizer/space/parameter.ts";
import { type FieldProblem, invalid } from "../studies/errors.ts";
import type { SpecDraft } from "../studies/manage.ts";
import { type StudySpec, specDefaults } from "../studies/spec.ts";
import { durationOf, parameterValue, secondsOf, showValue, wireValue } from "./values.ts";

/** The specification that a Study message asks for, with defaults filled in. @throws StudyError INVALID_REQUEST */
export function specOf(study: WireStudy): SpecDraft {
  const problems: FieldProblem[] = [];
  const spec = {
    parameters: study.parameters.map((parameter, index) =>
      parameterOf(parameter, `study.parameters[${index}]`, problems),
    ),
    objectives: objectivesOf(study),
    constraints: study.constraints.map(({ metric, upper }) => ({ metric, upper })),
    sampler: samplerOf(study.sampler),
    pruner: prunerOf(study.pruner),
    maxTrials: study.maxTrials,
    maxRunning: study.maxRunning,
    maxDurationSeconds: secondsOf(study.maxDuration),
    targetValue: study.targetValue,
    patience: study.patience,
    maxFailureRate: study.maxFailureRate,
    leaseSeconds: secondsOf(study.leaseDuration) ?? specDefaults.leaseSeconds,
    maxAttempts: study.maxAttempts ?? specDefaults.maxAttempts,
    replicates: study.replicates ?? specDefaults.replicates,
    seed: study.seed,
  };
  if (problems.length > 0) throw invalid(problems);
  return spec;
}

function objectivesOf({ objectives }: WireStudy): readonly Objective[] {
  if (objectives.length === 0) return specDefaults.objectives;
  return objectives.map(({ name, goal }) => ({
    // One objective needs no name; several are refused without.
    name: name || (objectives.length === 1 ? specDefaults.objectives[0].name : ""),
    goal: goal === Goal.MAXIMIZE ? "maximize" : "minimize",
  }));
}

function parameterOf(wire: WireParameter, field: string, problems: FieldProblem[]): Parameter {
  const value = (given: Value, path: string): ParameterValue => {
    const known = parameterValue(given);
    if (known !== undefined) return known;
    problems.push({
      field: path,
      description: `${JSON.stringify(showValue(given))} is a list, an object or nothing: expected a number, a text, true, false or null`,
    });
    return null;
  };
  return {
    name: wire.name,
    domain: domainOf(wire, field, value),
    condition: wire.condition && {
      parent: wire.condition.parent,
      values: wire.condition.values.map((given, index) =>
        value(given, `${field}.condition.values[${index}]`),
      ),
    },
    default: wire.default && value(wire.default, `${field}.default`),
  };
}

function domainOf(
  { domain }: WireParameter,
  field: string,
  value: (given: Value, path: string) => ParameterValue,
): Domain {
  switch (domain.case) {
    case "real": {
      const { low, high, log, step } = domain.value;
      return { kind: "real", low, high, log, step };
    }
    case "integer": {
      const { low, high, log, step } = domain.value;
      return { kind: "integer", low: Number(low), high: Number(high), log, step: Number(step ?? 1n) };
    }
    case "categorical": {
      const { choices, ordered } = domain.value;
      return {
        kind: "categorical",
        choices: choices.map((choice, index) => value(choice, `${field}.categorical.choices[${index}]`)),
        ordered,
      };
    }
    default:
      // The message's own rules require a domain.
      throw invalid([{ field, description: "has no domain: expected real, integer or categorical" }]);
  }
}

function samplerOf(wire: WireSampler | undefined): SamplerSpec {
  const sampler = wire?.sampler;
  switch (sampler?.case) {
    case "random":
      return { kind: "random" };
    case "tpe":
      return {
        kind: "tpe",
        ...given({ startupTrials: sampler.value.startupTrials, candidates: sampler.value.candidates }),
      };
    default:
      return specDefaults.sampler;
  }
}

function prunerOf(wire: WirePruner | undefined): PrunerSpec {
  const pruner = wire?.pruner;
  switch (pruner?.case) {
    case "none":
      return { kind: "none" };
    case "median": {
      const { startupTrials, warmupSteps, intervalSteps, minTrials } = pruner.value;
      return { kind: "median", ...given({ startupTrials, warmupSteps, intervalSteps, minTrials }) };
    }
    default:
      return specDefaults.pruner;
  }
}

/** Without the entries that are undefined. */
function given(entries: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** The fields of a Study message that hold a specification. */
export function wireSpec(spec: StudySpec): MessageInitShape<typeof StudySchema> {
  return {
    parameters: spec.parameters.map(wireParameter),
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
      const { low, high, log, step } = domain;
      return { case: "real", value: { low, high, log, ...(step === undefined ? {} : { step }) } };
    }
    case "integer": {
      const { low, high, log, step } = domain;
      return { case: "integer", value: { low: BigInt(low), high: BigInt(high), log, step: BigInt(step) } };
    }
    case "categorical":
      return {
        case: "categorical",
        value: { choices: domain.choices.map(wireValue), ordered: domain.ordered },
      };
  }
}

function wireSampler(spec: SamplerSpec): WireSampler {
  switch (spec.kind) {
    case "auto":
      return create(SamplerSpecSchema, { sampler: { case: "auto", value: {} } });
    case "random":
      return create(SamplerSpecSchema, { sampler: { case: "random", value: {} } });
    case "tpe": {
      const { kind, ...value } = spec;
      return create(SamplerSpecSchema, { sampler: { case: kind, value } });
    }
  }
}

function wirePruner(spec: PrunerSpec): WirePruner {
  switch (spec.kind) {
    case "auto":
      return create(PrunerSpecSchema, { pruner: { case: "auto", value: {} } });
    case "none":
      return create(PrunerSpecSchema, { pruner: { case: "none", value: {} } });
    case "median": {
      const { kind, ...value } = spec;
      return create(PrunerSpecSchema, { pruner: { case: kind, value } });
    }
  }
}
