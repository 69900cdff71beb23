import { multiObjectivePrunerKinds } from "../optimizer/pruners/index.ts";
import { checkLinear } from "../optimizer/space/check-linear.ts";
import { checkParameters, normalizeParameters } from "../optimizer/space/check-space.ts";
import { createSpace } from "../optimizer/space/space.ts";
import { type FieldProblem, invalid } from "./errors.ts";
import type { StudySpec } from "./spec.ts";

/** JSON keys of the wire that differ from the specification's own field names come from here. */
function problemsOf(spec: StudySpec): FieldProblem[] {
  const declared = checkParameters(spec.parameters);
  const linear =
    declared.length > 0 ? [] : checkLinear(normalizeParameters(spec.parameters), spec.linearConstraints);
  const problems: FieldProblem[] = [...declared, ...linear].map(({ field, value, expected }) => ({
    field: `study.${field}`,
    description: `${value} is not accepted: expected ${expected}`,
  }));
  const say = (field: string, description: string) => problems.push({ field: `study.${field}`, description });

  const names = new Set<string>();
  spec.objectives.forEach(({ name }, index) => {
    if (name === "") say(`objectives[${index}].name`, "is empty: several objectives need a name each");
    else if (names.has(name))
      say(`objectives[${index}].name`, `${name} is the name of an earlier objective: names are unique`);
    names.add(name);
  });
  const metrics = new Set<string>();
  spec.constraints.forEach(({ metric }, index) => {
    if (metrics.has(metric))
      say(`constraints[${index}].metric`, `${metric} has a constraint already: one a metric`);
    metrics.add(metric);
  });
  if (spec.objectives.length > 1) {
    if (spec.targetValue !== undefined)
      say("target_value", "needs a single objective: several have no one best value");
    if (spec.patience !== undefined)
      say("patience", "needs a single objective: several have no one best value");
    if (!multiObjectivePrunerKinds.includes(spec.pruner.kind)) {
      const accepted = multiObjectivePrunerKinds.join(", ");
      say("pruner", `${spec.pruner.kind} watches one objective: expected one of ${accepted}`);
    }
  }
  if (
    problems.length === 0 &&
    spec.parameters.length === 0 &&
    spec.replicates === 1 &&
    spec.maxTrials !== 1
  ) {
    say(
      "replicates",
      "1 allows a single trial of a study without parameters: set how often its one point may be tried",
    );
  }
  return problems;
}

/**
 * Checks what the message's own rules cannot: how fields fit together. Answers the specification with each domain's bounds pulled
 * to its grid.
 *
 * @throws StudyError INVALID_REQUEST with every problem at once
 */
export function checkSpec(spec: StudySpec): StudySpec {
  const problems = problemsOf(spec);
  if (problems.length > 0) throw invalid(problems);
  const parameters = normalizeParameters(spec.parameters);
  createSpace(parameters);
  return { ...spec, parameters };
}
