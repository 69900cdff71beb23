import {
  Goal,
  type Parameter as WireParameter,
  type PrunerSpec as WirePruner,
  type SamplerSpec as WireSampler,
  type SourceStudy as WireSource,
  type Study as WireStudy,
} from "@asktell/proto/asktell/v1/study_pb";
import type { Value } from "@bufbuild/protobuf/wkt";
import type { Objective } from "../optimizer/history.ts";
import { type PrunerSpec, prunerKinds } from "../optimizer/pruners/index.ts";
import { type SamplerSpec, samplerKinds } from "../optimizer/samplers/index.ts";
import type { Domain, NormalPrior, Parameter, ParameterValue } from "../optimizer/space/parameter.ts";
import type { SpecDraft } from "../studies/create-study.ts";
import { type FieldProblem, invalid } from "../studies/errors.ts";
import { type SourceRef, specDefaults } from "../studies/spec.ts";
import { nameKind, parameterValue, secondsOf } from "./values.ts";

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
export interface Choice {
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
