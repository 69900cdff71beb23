import { create, fromJson, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { ConditionSchema, type Condition } from "@asktell/proto/asktell/v1/study_pb";
import { readValue, splitList, valueText } from "./value-list.ts";

/** On what a parameter's existence depends, as it is typed. */
export interface ConditionTexts {
  depends: boolean;
  /** The key of the parameter that decides, which may be renamed; undefined while none is chosen. */
  parent: number | undefined;
  /** With which of its values this parameter exists, separated by commas or lines. */
  only: string;
}

/** What of a parameter's draft a condition on it is read by. */
export interface Decider {
  readonly key: number;
  readonly name: string;
  readonly kind: "real" | "integer" | "categorical";
  readonly choices: string;
}

/** No condition. */
export const unconditional: ConditionTexts = { depends: false, parent: undefined, only: "" };

/** A condition of a study, as one would type it. @param keyOf finds the draft of a parameter by its name */
export function conditionTexts(
  condition: Condition | undefined,
  keyOf: (name: string) => number | undefined,
): ConditionTexts {
  if (condition === undefined) return unconditional;
  const values = condition.values.map((value) => valueText(toJson(ValueSchema, value)));
  return { depends: true, parent: keyOf(condition.parent), only: values.join(", ") };
}

/** The message of what was typed; tells what is wrong with it. @param all every parameter of the form */
export function conditionFrom(
  draft: ConditionTexts & Pick<Decider, "key">,
  all: readonly Decider[],
  wrong: (field: string, text: string) => void,
): Condition | undefined {
  if (!draft.depends) return undefined;
  const parent = all.find(({ key }) => key === draft.parent && key !== draft.key);
  if (parent === undefined) {
    wrong("condition.parent", "Choose another parameter.");
    return undefined;
  }
  const values = splitList(draft.only).map(readValue);
  if (values.length === 0) wrong("condition.values", "At least one value is needed.");
  if (parent.kind === "categorical") {
    const choices = splitList(parent.choices).map(readValue);
    const strange = values.find((value) => !choices.includes(value));
    if (strange !== undefined) wrong("condition.values", `${valueText(strange)} is none of its choices.`);
  } else if (!values.every((value) => typeof value === "number"))
    wrong("condition.values", "Numbers are needed.");
  return create(ConditionSchema, {
    parent: parent.name.trim(),
    values: values.map((value) => fromJson(ValueSchema, value)),
  });
}
