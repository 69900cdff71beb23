import { type MessageInitShape, create } from "@bufbuild/protobuf";
import { StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { TellTrialRequestSchema } from "@asktell/proto/asktell/v1/trial_service_pb";
import { describe, expect, test } from "vitest";
import { findBadTexts } from "./texts.ts";

const half = "a\ud83d";

type StudyInit = MessageInitShape<typeof StudySchema>;

describe("a text that no database keeps is found in", () => {
  test.each<[string, StudyInit, string]>([
    ["a field", { displayName: "\0" }, "study.display_name"],
    ["a list of messages", { objectives: [{}, { name: half }] }, "study.objectives[1].name"],
    ["a map", { labels: { a: half } }, 'study.labels["a"]'],
    ["the names of a map", { labels: { "\0": "a" } }, "study.labels (a name in it)"],
    ["free JSON", { attributes: { a: [{ b: half }] } }, "study.attributes.a[0].b"],
    ["the names of free JSON", { attributes: { a: { [half]: 1 } } }, "study.attributes.a (a name in it)"],
    [
      "a value",
      { parameters: [{ default: { kind: { case: "stringValue", value: half } } }] },
      "study.parameters[0].default",
    ],
    [
      "a member of a oneof",
      {
        parameters: [
          {
            domain: {
              case: "categorical",
              value: { choices: [{ kind: { case: "stringValue", value: "\0" } }] },
            },
          },
        ],
      },
      "study.parameters[0].categorical.choices[0]",
    ],
  ])("%s", (_, study, field) => {
    const found = findBadTexts(
      CreateStudyRequestSchema,
      create(CreateStudyRequestSchema, { study: create(StudySchema, study) }),
    );
    expect(found).toEqual([{ field, description: expect.stringMatching(/U\+0000|surrogate/) }]);
  });
});

test("other texts, emoji and control characters among them, pass", () => {
  const message = create(TellTrialRequestSchema, {
    trial: "s/trials/0",
    failure: "😀\u0001\u{10ffff}\ufffe",
    metrics: { "": 1 },
  });
  expect(findBadTexts(TellTrialRequestSchema, message)).toEqual([]);
});
