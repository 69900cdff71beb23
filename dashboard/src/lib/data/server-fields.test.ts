import { expect, test } from "vitest";
import { formFields } from "./server-fields.ts";

test.each([
  ["study_id", "id"],
  ["study.max_trials", "maxTrials"],
  ["study.lease_duration", "lease"],
  ["study.parameters[2].real.prior.mean", "parameters[2].prior.mean"],
  ["study.parameters[0].categorical.weights", "parameters[0].weights"],
  ["study.parameters[1].condition.values[0]", "parameters[1].condition.values"],
  ["study.constraints[0].upper", "constraints[0].upper"],
  ["study.objectives[1].name", "objectives[1].name"],
  ["study.linear_constraints[2].terms[0].parameter", "linearConstraints[2]"],
])("the server's %s is the form's %s", (server, form) => {
  expect([...formFields(new Map([[server, "no"]]))]).toEqual([[form, "no"]]);
});
