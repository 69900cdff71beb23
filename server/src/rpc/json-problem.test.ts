import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { TellTrialRequestSchema } from "@asktell/proto/asktell/v1/trial_service_pb";
import { describe, expect, test } from "vitest";
import { jsonProblem } from "./json-problem.ts";

const study = (fields: object) => jsonProblem(CreateStudyRequestSchema, { study: fields });

describe("the field at which JSON is no message is found", () => {
  test.each([
    [{ maxTrials: "many" }, "study.max_trials", /^"many" is not accepted: expected a whole number from/],
    [{ max_trials: 1.5 }, "study.max_trials", /^1.5 /],
    [{ displayName: 1 }, "study.display_name", /a text/],
    [{ maxDuration: "1h" }, "study.max_duration", /seconds as text, such as "90s"/],
    [{ objectives: [{}, { goal: "UP" }] }, "study.objectives[1].goal", /GOAL_MAXIMIZE/],
    [{ objectives: {} }, "study.objectives", /an object is not accepted: expected a list/],
    [{ objectives: [7] }, "study.objectives[0]", /7 is not accepted: expected an object/],
    [
      { parameters: [{ name: "x", real: { low: 0 } }, { real: { low: "zero" } }] },
      "study.parameters[1].real.low",
      /"zero" is not accepted: expected a number/,
    ],
    [{ parameters: [{ real: {}, integer: {} }] }, "study.parameters[0].integer", /besides real/],
    [{ displayName: "a", display_name: "b" }, "study.display_name", /given twice/],
    [{ labels: { a: "x", b: 2 } }, 'study.labels["b"]', /2 is not accepted: expected a text/],
    [{ labels: [] }, "study.labels", /an empty list is not accepted: expected an object/],
    [{ attributes: "x" }, "study.attributes", /expected an object/],
    [{ lables: {} }, "study.lables", /is no field here; the fields are: name, displayName, .*labels/],
    [{ sampler: { bogus: {} } }, "study.sampler.bogus", /the fields are: auto, random/],
  ])("%j", (fields, field, description) => {
    expect(study(fields)).toEqual({ field, description: expect.stringMatching(description) });
  });

  test("in a long list", () => {
    const values: unknown[] = Array.from({ length: 10_000 }, (_, index) => index);
    values[7_654] = "x";
    expect(jsonProblem(TellTrialRequestSchema, { values })).toMatchObject({ field: "values[7654]" });
  });
});

test("what is a message has no problem", () => {
  expect(study({ maxTrials: 3, maxDuration: null, labels: { a: "" }, attributes: { a: [null] } })).toBe(
    undefined,
  );
});

test("what is no object at all is said so", () => {
  expect(jsonProblem(TellTrialRequestSchema, [])).toEqual({
    field: "",
    description: "an empty list is not accepted: expected an object",
  });
});
