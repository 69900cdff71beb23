import { type MessageInitShape, create } from "@bufbuild/protobuf";
import {
  Goal,
  type Parameter as WireParameter,
  ParameterSchema,
  type PrunerSpec as WirePruner,
  PrunerSpecSchema,
  type SamplerSpec as WireSampler,
  SamplerSpecSchema,
  type SourceStudy as WireSource,
  type Study as WireStudy,
  type StudySchema,
} from "@asktell/proto/asktell/v1/study_pb";
import type { Value } from "@bufbuild/protobuf/wkt";
import type { Objective } from "../optimizer/history.ts";
import { type PrunerSpec, prunerKinds } from "../optimizer/pruners/index.ts";
import { type SamplerSpec, samplerKinds } from "../optimizer/samplers/index.ts";
import type { Domain, NormalPrior, Parameter, ParameterValue } from "../optimizer/space/parameter.ts";
import { type FieldProblem, invalid } from "../studies/errors.ts";
import type { SpecDraft } from "../studies/create-study.ts";
import { type SourceRef, type StudySpec, specDefaults } from "../studies/spec.ts";
import { durationOf, parameterValue, secondsOf, nameKind, wireValue } from "./values.ts";

/** The specification that a Study message asks for, with defaults filled in. @throws StudyError INVALID_REQUEST */
export function specOf(study: WireStudy): SpecDraft {
  const problems: FieldProblem[] = [];
  const spec = {
    parameters: study.parameters.map((parameter, index) =>
      parameterOf(parameter, `study.parameters[${index}]`, problems),
    ),
    linearConstraints: study.linearConstraints.map(({ terms, upper }) => ({
      terms: terms.map(({ parameter, coefficient }) => ({ parameter, coefficient })),
      upper,
    })),
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
    ...(study.sources.length === 0 ? {} : { sources: study.sources.map(sourceRefOf) }),
  };
  if (problems.length > 0) throw invalid(problems);
  return spec;
}

const sourceRefOf = ({ study, trials, revision }: WireSource): SourceRef => ({
  study,
  trials,
  revision: Number(revision),
});

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
      description: `${nameKind(given)} is not accepted: expected a number, a text, true, false or null`,
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
      const { low, high, log, step, prior } = domain.value;
      return { kind: "real", low, high, log, step, ...priorOf(prior) };
    }
    case "integer": {
      const { low, high, log, step, prior } = domain.value;
      const bounds = { low: Number(low), high: Number(high), step: Number(step ?? 1n) };
      return { kind: "integer", ...bounds, log, ...priorOf(prior) };
    }
    case "categorical": {
      const { choices, ordered, weights } = domain.value;
      return {
        kind: "categorical",
        choices: choices.map((choice, index) => value(choice, `${field}.categorical.choices[${index}]`)),
        ordered,
        ...(weights.length === 0 ? {} : { weights }),
      };
    }
    default:
      // The message's own rules require a domain.
      throw invalid([{ field, description: "has no domain: expected real, integer or categorical" }]);
  }
}

/*
 * Samplers and pruners have the same names and options in the proto and in the optimizer, but for the way of writing
 * (`cmaEs`, `cma-es`), so a new one needs no line here.
 */
interface Choice {
  readonly case: string | undefined;
  readonly value?: object | undefined;
}

function samplerOf(wire: WireSampler | undefined): SamplerSpec {
  const choice: Choice | undefined = wire?.sampler;
  if (choice?.case === undefined) return specDefaults.sampler;
  return chosen(choice, samplerKinds, "study.sampler") as SamplerSpec;
}

function prunerOf(wire: WirePruner | undefined): PrunerSpec {
  const choice: Choice | undefined = wire?.pruner;
  if (choice?.case === undefined) return specDefaults.pruner;
  return chosen(choice, prunerKinds, "study.pruner") as PrunerSpec;
}

/** The kind that a oneof's case names, with the options that are set. */
function chosen(choice: Choice, kinds: readonly string[], field: string): { kind: string } {
  const kind = (choice.case ?? "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (!kinds.includes(kind)) {
    throw invalid([
      {
        field,
        description: `${choice.case} is not available on this server: expected one of ${kinds.join(", ")}`,
      },
    ]);
  }
  const options = Object.entries(choice.value ?? {}).filter(
    ([name, value]) => !name.startsWith("$") && value !== undefined,
  );
  return { kind, ...Object.fromEntries(options) };
}

/** A specification that is stored or compared has only what was said. */
function priorOf(prior: NormalPrior | undefined): { prior?: { mean: number; deviation: number } } {
  return prior === undefined ? {} : { prior: { mean: prior.mean, deviation: prior.deviation } };
}

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

/** The inverse of `chosen`. */
function oneofOf({ kind, ...value }: { readonly kind: string }): Choice {
  return { case: kind.replaceAll(/-[a-z]/g, (pair) => pair.slice(1).toUpperCase()), value };
}
