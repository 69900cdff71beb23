import type { DeclarationProblem } from "./check-space.ts";
import { describeConstraint, type LinearConstraint } from "./linear.ts";
import type { Parameter } from "./parameter.ts";
import { show } from "./show.ts";
import { createSpace } from "./space.ts";

/** Every problem of declared linear constraints over parameters that `checkParameters` found right. */
export function checkLinear(
  parameters: readonly Parameter[],
  constraints: readonly LinearConstraint[],
): DeclarationProblem[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const problems: DeclarationProblem[] = [];
  constraints.forEach(({ terms, upper }, at) => {
    const path = `linear_constraints[${at}]`;
    if (terms.length === 0)
      problems.push({ field: `${path}.terms`, value: "[]", expected: "at least one term" });
    if (!Number.isFinite(upper))
      problems.push({ field: `${path}.upper`, value: show(upper), expected: "a finite number" });
    terms.forEach(({ parameter, coefficient }, index) => {
      const tell = (field: string, value: unknown, expected: string): void => {
        problems.push({ field: `${path}.terms[${index}].${field}`, value: show(value), expected });
      };
      const known = byName.get(parameter);
      if (known === undefined) tell("parameter", parameter, "the name of a parameter");
      else if (known.domain.kind === "categorical")
        tell("parameter", parameter, "a real or integer parameter");
      else if (known.condition !== undefined)
        tell("parameter", parameter, "a parameter without a condition, which every trial has");
      if (terms.findIndex((other) => other.parameter === parameter) < index)
        tell("parameter", parameter, "a parameter that has no earlier term in this constraint");
      if (!Number.isFinite(coefficient) || coefficient === 0)
        tell("coefficient", coefficient, "a finite number other than 0");
    });
  });
  if (problems.length > 0 || constraints.length === 0) return problems;
  const middle = new Float64Array(parameters.length).fill(0.5);
  if (createSpace(parameters, constraints).linear.nearest(middle, undefined, "much") !== undefined) return [];
  const value = constraints.map(describeConstraint).join(", ");
  return [{ field: "linear_constraints", value, expected: "constraints that some point of the space keeps" }];
}
