import type { MessageInitShape } from "@bufbuild/protobuf";
import { Goal, type Study, type StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import type { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import type { PrunerName, SamplerName } from "./algorithm-names.ts";
import { durationOf, durationText } from "./duration-field.ts";
import { defined } from "./message-fields.ts";
import { idProblem, splitStudyName } from "./names.ts";
import { conditionFrom, conditionTexts } from "./condition-form.ts";
import { outcomeDraftFrom, outcomeFrom, type OutcomeDraft } from "./outcome-form.ts";
import { linearDraftFrom, readLinear, type LinearDraft, type LinearReading } from "./linear-form.ts";
import { newParameter, parameterDraftFrom, parameterFrom, type ParameterDraft } from "./parameter-form.ts";

/** One objective as it is typed. */
export interface ObjectiveDraft {
  readonly key: number;
  name: string;
  goal: "minimize" | "maximize";
}

/** A study as it is typed: all text, so that half a number is no error yet. */
export interface StudyDraft {
  id: string;
  title: string;
  objectives: ObjectiveDraft[];
  parameters: ParameterDraft[];
  /** What results keep to. */
  outcomes: OutcomeDraft[];
  /** What parameters keep to together. */
  linearConstraints: LinearDraft[];
  /** Full names of earlier studies to begin from. */
  sources: string[];
  sampler: SamplerName;
  pruner: PrunerName;
  maxTrials: string;
  maxRunning: string;
  /** Hours. */
  maxDuration: string;
  target: string;
  patience: string;
  /** Minutes. */
  lease: string;
  maxAttempts: string;
  seed: string;
}

/** What a request may contain. */
export type StudyRequest = MessageInitShape<typeof CreateStudyRequestSchema>;

const HOUR = 3_600;
const MINUTE = 60;

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

let keys = 0;

/** An objective to begin with. */
export function newObjective(name = ""): ObjectiveDraft {
  return { key: ++keys, name, goal: "minimize" };
}

/** An empty form. */
export function newDraft(): StudyDraft {
  const rate = { ...newParameter(), name: "learning_rate", low: "1e-5", high: "0.1", log: true };
  return {
    id: "",
    title: "",
    objectives: [newObjective("loss")],
    parameters: [rate],
    outcomes: [],
    linearConstraints: [],
    sources: [],
    sampler: "auto",
    pruner: "auto",
    maxTrials: "100",
    maxRunning: "",
    maxDuration: "",
    target: "",
    patience: "",
    lease: "",
    maxAttempts: "",
    seed: "",
  };
}

/** A form filled in with what another study has. */
export function draftFrom(study: Study): StudyDraft {
  const text = (value: number | undefined): string => (value === undefined ? "" : String(value));
  const parameters = study.parameters.map(parameterDraftFrom);
  const keyOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.key;
  return {
    ...newDraft(),
    id: `${splitStudyName(study.name).study}-copy`.slice(-63),
    title: study.displayName === "" ? "" : `${study.displayName} (copy)`.slice(0, 200),
    objectives: study.objectives.map(({ name, goal }) => ({
      key: ++keys,
      name,
      goal: goal === Goal.MAXIMIZE ? "maximize" : "minimize",
    })),
    parameters: parameters.map((parameter, index) => ({
      ...parameter,
      ...conditionTexts(study.parameters[index]?.condition, keyOf),
    })),
    outcomes: study.constraints.map(outcomeDraftFrom),
    linearConstraints: study.linearConstraints.map(linearDraftFrom),
    sources: study.sources.map((source) => source.study),
    sampler: study.sampler?.sampler.case ?? "auto",
    pruner: study.pruner?.pruner.case ?? "auto",
    maxTrials: text(study.maxTrials),
    maxRunning: text(study.maxRunning),
    maxDuration: durationText(study.maxDuration, HOUR),
    target: text(study.targetValue),
    patience: text(study.patience),
    lease: durationText(study.leaseDuration, MINUTE),
    maxAttempts: text(study.maxAttempts),
  };
}

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

/** What a typed constraint says of the parameters as they are typed. */
export function readLinearDraft(
  { text }: LinearDraft,
  parameters: readonly Pick<ParameterDraft, "name" | "kind">[],
): LinearReading {
  return readLinear(
    text,
    parameters.map(({ name, kind }) => ({ name: name.trim(), isNumber: kind !== "categorical" })),
  );
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
