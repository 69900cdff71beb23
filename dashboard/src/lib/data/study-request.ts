import type { MessageInitShape } from "@bufbuild/protobuf";
import { Goal, type Study, type StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import type { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { conditionFrom } from "./condition-form.ts";
import { durationOf, HOUR, MINUTE } from "./duration-field.ts";
import { readLinearDraft } from "./linear-form.ts";
import { defined } from "./message-fields.ts";
import { idProblem } from "./names.ts";
import { outcomeFrom } from "./outcome-form.ts";
import { parameterFrom } from "./parameter-form.ts";
import type { StudyDraft } from "./study-form.ts";

/** What a request may contain. */
export type StudyRequest = MessageInitShape<typeof CreateStudyRequestSchema>;

/** The largest values that the API takes, by field: far larger ones do not even fit into its messages. */
const most = {
  maxTrials: 10_000_000,
  maxRunning: 100_000,
  patience: 10_000_000,
  maxAttempts: 100,
  seed: 2 ** 32 - 1,
  maxDuration: 87_600, // hours
  lease: 43_200, // minutes
} as const;

/** What is wrong with a form, by the name of its field: `id`, `parameters[2].low`, `maxTrials`. */
export type DraftProblems = ReadonlyMap<string, string>;

/**
 * Turns the form into a request, or says what is wrong with it.
 * @param base the study that the form was filled in from: what the form has no fields for (defaults, labels, attributes, options of the
 *   sampler) is kept
 */
export function requestFrom(
  draft: StudyDraft,
  base?: Study,
): { readonly request: StudyRequest; readonly problems: DraftProblems } {
  const problems = new Map<string, string>();
  const number = (
    field: string,
    text: string,
    whole = false,
    least = -Infinity,
    most = Infinity,
  ): number | undefined => {
    if (text.trim() === "") return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) problems.set(field, "This is not a number.");
    else if (whole && !Number.isInteger(value)) problems.set(field, "A whole number is needed.");
    else if (value < least) problems.set(field, `At least ${least}.`);
    else if (value > most) problems.set(field, `At most ${most}.`);
    return value;
  };
  const badId = draft.id === "" ? undefined : idProblem(draft.id);
  if (badId !== undefined) problems.set("id", badId);
  checkNames(draft.objectives, "objectives", problems);
  checkNames(draft.parameters, "parameters", problems);
  const parameters = draft.parameters.map((parameter, index) => {
    const old = base?.parameters.find(
      ({ name, domain }) => name === parameter.name.trim() && domain.case === parameter.kind,
    );
    const wrong = (name: string, problem: string) => problems.set(`parameters[${index}].${name}`, problem);
    return {
      ...parameterFrom(parameter, `parameters[${index}]`, problems),
      ...defined("condition", conditionFrom(parameter, draft.parameters, wrong)),
      ...defined("default", old?.default),
    };
  });
  const linearConstraints = draft.linearConstraints.flatMap((linear, index) => {
    const reading = readLinearDraft(linear, draft.parameters);
    if ("constraint" in reading) return [reading.constraint];
    problems.set(`linearConstraints[${index}]`, reading.problem);
    return [];
  });
  const outcomes = draft.outcomes.map((outcome, index) =>
    outcomeFrom(outcome, `constraints[${index}]`, problems),
  );
  const hours = number("maxDuration", draft.maxDuration, false, 1 / 3600, most.maxDuration);
  const minutes = number("lease", draft.lease, false, 1 / 60, most.lease);
  const study: MessageInitShape<typeof StudySchema> = {
    ...(base === undefined
      ? {}
      : {
          labels: base.labels,
          ...defined("attributes", base.attributes),
          ...defined("replicates", base.replicates),
        }),
    displayName: draft.title.trim(),
    objectives: draft.objectives.map(({ name, goal }) => ({
      name: name.trim(),
      goal: goal === "maximize" ? Goal.MAXIMIZE : Goal.MINIMIZE,
    })),
    parameters,
    ...(draft.outcomes.length === 0 ? {} : { constraints: outcomes }),
    ...(linearConstraints.length === 0 ? {} : { linearConstraints }),
    ...(draft.sources.length === 0 ? {} : { sources: draft.sources.map((name) => ({ study: name })) }),
    sampler:
      base?.sampler?.sampler.case === draft.sampler
        ? base.sampler
        : { sampler: { case: draft.sampler, value: {} } },
    pruner:
      base?.pruner?.pruner.case === draft.pruner
        ? base.pruner
        : { pruner: { case: draft.pruner, value: {} } },
    ...defined("maxTrials", number("maxTrials", draft.maxTrials, true, 1, most.maxTrials)),
    ...defined("maxRunning", number("maxRunning", draft.maxRunning, true, 1, most.maxRunning)),
    // With several objectives there is no field for them: what is left in them counts no more.
    ...(draft.objectives.length > 1
      ? {}
      : {
          ...defined("targetValue", number("target", draft.target)),
          ...defined("patience", number("patience", draft.patience, true, 1, most.patience)),
        }),
    ...defined("maxAttempts", number("maxAttempts", draft.maxAttempts, true, 1, most.maxAttempts)),
    ...defined("seed", number("seed", draft.seed, true, 0, most.seed)),
    ...(hours === undefined ? {} : { maxDuration: durationOf(hours, HOUR, base?.maxDuration) }),
    ...(minutes === undefined ? {} : { leaseDuration: durationOf(minutes, MINUTE, base?.leaseDuration) }),
  };
  return { request: { studyId: draft.id, study }, problems };
}

function checkNames(
  list: readonly { readonly name: string }[],
  field: string,
  problems: Map<string, string>,
): void {
  for (const [index, { name }] of list.entries()) {
    if (name.trim() === "") problems.set(`${field}[${index}].name`, "A name is needed.");
    else if (list.findIndex((other) => other.name.trim() === name.trim()) < index)
      problems.set(`${field}[${index}].name`, "This name is taken.");
  }
}
