import type { CheckOptions } from "../optimizer/space/check-params.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import type { Space } from "../optimizer/space/space.ts";
import { invalid } from "./errors.ts";

/**
 * Refuses parameter values that a space does not have.
 *
 * @param field - path of the values in the request
 * @throws StudyError PARAMETER_OUT_OF_DOMAIN with every problem at once
 */
export function checkParams(space: Space, params: Params, field: string, options: CheckOptions = {}): void {
  const problems = space.check(params, options);
  if (problems.length === 0) {
    const broken = Object.keys(params).length === 0 ? undefined : space.linear.explain(params);
    if (broken === undefined) return;
    throw invalid([{ field, description: broken }], "PARAMETER_OUT_OF_DOMAIN");
  }
  throw invalid(
    problems.map(({ parameter, value, expected }) => ({
      field: `${field}.${parameter}`,
      description:
        value === "" ? `is missing: expected ${expected}` : `${value} is not accepted: expected ${expected}`,
    })),
    "PARAMETER_OUT_OF_DOMAIN",
  );
}
