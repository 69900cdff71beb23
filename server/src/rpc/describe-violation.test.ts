import { type DescMessage, type MessageInitShape, create } from "@bufbuild/protobuf";
import { type Goal, StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { CreateTokenRequestSchema } from "@asktell/proto/asktell/v1/token_service_pb";
import { ReportTrialRequestSchema, TellTrialRequestSchema } from "@asktell/proto/asktell/v1/trial_service_pb";
import { expect, test } from "vitest";
import { StudyError } from "../studies/errors.ts";
import { validate } from "./validate.ts";

function problemsOf<D extends DescMessage>(desc: D, init: MessageInitShape<D>): string[] {
  try {
    validate(desc, create(desc, init));
    return [];
  } catch (error) {
    if (!(error instanceof StudyError)) throw error;
    return error.problems.map(({ field, description }) => `${field}: ${description}`);
  }
}

test("numbers, texts, durations and enums are shown as they were found", () => {
  expect(
    problemsOf(CreateStudyRequestSchema, {
      studyId: "-bad",
      study: create(StudySchema, {
        maxTrials: 0,
        maxDuration: { seconds: -5n },
        // An enum may hold any number on the wire.
        objectives: [{ goal: 7 as Goal }],
      }),
    }),
  ).toEqual([
    'study_id: "-bad" is not accepted: does not match regex pattern `^[A-Za-z0-9][A-Za-z0-9._-]*$`',
    "study.objectives[0].goal: 7 is not accepted: must be one of GOAL_UNSPECIFIED, GOAL_MINIMIZE, GOAL_MAXIMIZE",
    "study.max_trials: 0 is not accepted: must be greater than or equal to 1 and less than or equal to 10000000",
    "study.max_duration: -5s is not accepted: must be greater than or equal to 1s and less than or equal to 315360000s",
  ]);
});

test("what is missing is said to be missing", () => {
  expect(problemsOf(CreateStudyRequestSchema, {})).toEqual(["study: is missing"]);
  expect(problemsOf(CreateStudyRequestSchema, { study: { parameters: [{ name: "x" }] } })).toEqual([
    "study.parameters[0].domain: is missing: expected one of real, integer, categorical",
  ]);
});

test("names of a map are shown where the rule is about the name", () => {
  expect(problemsOf(ReportTrialRequestSchema, { trial: "s/trials/0", metrics: { "": 5 } })).toEqual([
    'metrics[""]: "" is not accepted: must be at least 1 characters',
  ]);
});

test("values of an enum that a field does not take are left out of those that it does", () => {
  const [token] = problemsOf(CreateTokenRequestSchema, { token: { displayName: "a", scopes: [0] } });
  expect(token).toBe(
    "token.scopes[0]: SCOPE_UNSPECIFIED is not accepted: must be one of SCOPE_READ, SCOPE_WORK, SCOPE_MANAGE, SCOPE_EDIT",
  );
  const [tell] = problemsOf(TellTrialRequestSchema, { trial: "s/trials/0", state: 2 });
  expect(tell).toMatch(/^state: TRIAL_STATE_RUNNING is not accepted: must be one of .*TRIAL_STATE_COMPLETED/);
  expect(tell).not.toContain("WAITING");
});
