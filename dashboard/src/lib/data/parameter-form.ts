import { fromJson, toJson, type MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Parameter, ParameterSchema } from "@asktell/proto/asktell/v1/study_pb";
import { unconditional, type ConditionTexts } from "./condition-form.ts";
import { defined, whole } from "./message-fields.ts";
import { priorFrom, priorTexts, weightsFrom } from "./prior-form.ts";
import { readValue, splitList, valueText } from "./value-list.ts";

/** One parameter as it is typed: all text, so that half a number is no error yet. */
export interface ParameterDraft extends ConditionTexts {
  readonly key: number;
  name: string;
  kind: "real" | "integer" | "categorical";
  low: string;
  high: string;
  log: boolean;
  step: string;
  /** Choices, separated by commas or lines; in double quotes where they would be read as something else. */
  choices: string;
  /** Whether the order of the choices means something. */
  ordered: boolean;
  /** Whether something is expected of it before any trial, by the next three fields. */
  believes: boolean;
  /** The value expected, for numbers. */
  mean: string;
  /** How far off it may be: in units of the parameter, or on a log scale as a factor. */
  spread: string;
  /** One number a choice, separated as the choices are. */
  weights: string;
}

let keys = 0;

/** A parameter to begin with. */
export function newParameter(): ParameterDraft {
  return {
    key: ++keys,
    name: "",
    kind: "real",
    low: "0",
    high: "1",
    log: false,
    step: "",
    choices: "",
    ordered: false,
    believes: false,
    mean: "",
    spread: "",
    weights: "",
    ...unconditional,
  };
}

/** A parameter of a study, as one would type it, but for its condition. */
export function parameterDraftFrom({ name, domain }: Parameter): ParameterDraft {
  const base = { ...newParameter(), name };
  if (domain.case === undefined) return base;
  if (domain.case === "categorical") {
    const { choices, ordered, weights } = domain.value;
    return {
      ...base,
      kind: "categorical",
      choices: choices.map((choice) => valueText(toJson(ValueSchema, choice))).join(", "),
      ordered,
      believes: weights.length > 0,
      weights: weights.join(", "),
    };
  }
  const { low, high, log, step, prior } = domain.value;
  return {
    ...base,
    kind: domain.case,
    low: String(low),
    high: String(high),
    log,
    step: step === undefined ? "" : String(step),
    ...priorTexts(prior, log),
  };
}

/**
 * Turns what was typed into the message, but for the condition.
 * @param field what the problems' names begin with
 * @param problems gets what is wrong, by field
 */
export function parameterFrom(
  draft: ParameterDraft,
  field: string,
  problems: Map<string, string>,
): MessageInitShape<typeof ParameterSchema> {
  const wrong = (name: string, text: string): void => void problems.set(`${field}.${name}`, text);
  const name = draft.name.trim();
  if (draft.kind === "categorical") {
    const choices = splitList(draft.choices);
    if (choices.length === 0) wrong("choices", "At least one choice is needed.");
    if (new Set(choices.map(readValue)).size < choices.length) wrong("choices", "A choice is there twice.");
    const value = {
      choices: choices.map((choice) => fromJson(ValueSchema, readValue(choice))),
      ordered: draft.ordered,
      weights: draft.believes ? weightsFrom(splitList(draft.weights), choices.length, wrong) : [],
    };
    return { name, domain: { case: "categorical", value } };
  }
  const bound = (which: "low" | "high"): number => {
    const value = Number(draft[which]);
    if (draft[which].trim() === "" || !Number.isFinite(value)) wrong(which, "This is not a number.");
    else if (draft.kind === "integer" && !Number.isSafeInteger(value))
      wrong(which, "A whole number is needed.");
    return value;
  };
  const [low, high] = [bound("low"), bound("high")];
  if (low > high) wrong("high", "This lies below the lower bound.");
  if (draft.log && low <= 0) wrong("low", "On a log scale it must be above 0.");
  const step = draft.step.trim() === "" || draft.log ? undefined : Number(draft.step);
  if (step !== undefined && !(step > 0)) wrong("step", "Above 0.");
  const prior = draft.believes ? priorFrom(draft, low, high, wrong) : undefined;
  if (draft.kind === "integer") {
    if (step !== undefined && !Number.isSafeInteger(step)) wrong("step", "A whole number is needed.");
    const value = {
      low: whole(low),
      high: whole(high),
      log: draft.log,
      ...defined("step", step === undefined ? undefined : whole(step)),
      ...defined("prior", prior),
    };
    return { name, domain: { case: "integer", value } };
  }
  const value = { low, high, log: draft.log, ...defined("step", step), ...defined("prior", prior) };
  return { name, domain: { case: "real", value } };
}
