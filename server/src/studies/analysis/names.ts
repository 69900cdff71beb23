import type { StudyInfo } from "../directory.ts";
import { invalid } from "../errors.ts";

/** Index of an objective by its name; the first one for an empty name. @throws StudyError INVALID_REQUEST */
export function objectiveAt({ spec }: StudyInfo, name: string, field = "objective"): number {
  const names = spec.objectives.map((objective) => objective.name);
  return name === "" ? 0 : indexOf(names, name, field, "objective");
}

/** Indices of objectives by their names; all of them for none. @throws StudyError INVALID_REQUEST */
export function objectivesAt(study: StudyInfo, names: readonly string[]): number[] {
  if (names.length === 0) return study.spec.objectives.map((_, index) => index);
  return [...new Set(names.map((name, at) => objectiveAt(study, name, `objectives[${at}]`)))];
}

/** Index of a parameter by its name; undefined for an empty name. @throws StudyError INVALID_REQUEST */
export function parameterAt({ spec }: StudyInfo, name: string, field: string): number | undefined {
  if (name === "") return undefined;
  const names = spec.parameters.map((parameter) => parameter.name);
  return indexOf(names, name, field, "parameter");
}

/** Indices of parameters by their names; all of them for none. @throws StudyError INVALID_REQUEST */
export function parametersAt({ spec }: StudyInfo, wanted: readonly string[]): number[] {
  const names = spec.parameters.map((parameter) => parameter.name);
  if (wanted.length === 0) return names.map((_, index) => index);
  return wanted.map((name, at) => indexOf(names, name, `parameters[${at}]`, "parameter"));
}

/** Names that an error lists, at most. */
const shown = 12;

function indexOf(names: readonly string[], name: string, field: string, what: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const some = names
    .slice(0, shown)
    .map((known) => JSON.stringify(known))
    .join(", ");
  const more = names.length > shown ? `, and ${names.length - shown} more` : "";
  const description = `${JSON.stringify(name)} is no ${what} of this study: expected ${names.length === 0 ? "none" : `one of ${some}${more}`}`;
  throw invalid([{ field, description }]);
}
