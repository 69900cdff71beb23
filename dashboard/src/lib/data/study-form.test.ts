import { create, toJson } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { ConditionSchema, LinearConstraintSchema } from "@asktell/proto/asktell/v1/study_pb";
import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { draftFrom, newDraft, newObjective, requestFrom, type StudyDraft } from "./study-form.ts";
import { newParameter } from "./parameter-form.ts";

function draft(changes: Partial<StudyDraft> = {}): StudyDraft {
  return { ...newDraft(), id: "s", ...changes };
}
const asJson = (from: StudyDraft) =>
  toJson(CreateStudyRequestSchema, create(CreateStudyRequestSchema, requestFrom(from).request));

describe("a filled form", () => {
  test("becomes the request that the service documents", () => {
    const parameters = [
      { ...newParameter(), name: "lr", low: "1e-5", high: "0.1", log: true },
      { ...newParameter(), name: "layers", kind: "integer" as const, low: "1", high: "4", step: "1" },
      { ...newParameter(), name: "act", kind: "categorical" as const, choices: 'relu, 2, true,\n"3"' },
    ];
    const request = asJson(
      draft({
        parameters,
        objectives: [{ ...newObjective("auc"), goal: "maximize" }],
        maxTrials: "20",
        maxDuration: "1.5",
        lease: "2",
      }),
    );
    expect(request).toMatchObject({
      studyId: "s",
      study: {
        maxTrials: 20,
        maxDuration: "5400s",
        leaseDuration: "120s",
        objectives: [{ name: "auc", goal: "GOAL_MAXIMIZE" }],
        parameters: [
          { name: "lr", real: { low: 1e-5, high: 0.1, log: true } },
          { name: "layers", integer: { low: "1", high: "4", step: "1" } },
          { name: "act", categorical: { choices: ["relu", 2, true, "3"] } },
        ],
      },
    });
    expect(requestFrom(draft({ parameters })).problems.size).toBe(0);
  });

  test("names earlier studies to begin from, and a copy names the same", () => {
    const sources = ["projects/p/studies/a", "projects/q/studies/b"];
    const { study } = create(CreateStudyRequestSchema, requestFrom(draft({ sources })).request);
    expect(study?.sources.map((source) => source.study)).toEqual(sources);
    expect(draftFrom({ ...study!, name: "projects/p/studies/s" }).sources).toEqual(sources);
  });

  test("comes back from a study as it was", () => {
    const { study } = create(
      CreateStudyRequestSchema,
      requestFrom(draft({ maxTrials: "7", target: "0.5" })).request,
    );
    const copy = draftFrom({ ...study!, name: "projects/p/studies/s" });
    expect(copy).toMatchObject({ id: "s-copy", maxTrials: "7", target: "0.5", sampler: "auto" });
    expect(copy.parameters[0]).toMatchObject({
      name: "learning_rate",
      kind: "real",
      low: "0.00001",
      high: "0.1",
      log: true,
    });
  });

  test("keeps what it has no fields for", () => {
    const { study } = create(CreateStudyRequestSchema, requestFrom(draft()).request);
    const old = { ...study!, name: "projects/p/studies/s", labels: { team: "vision" } };
    old.parameters[0]!.condition = create(ConditionSchema, {
      parent: "opt",
      values: [{ kind: { case: "stringValue", value: "sgd" } }],
    });
    const { request } = requestFrom(draftFrom(old), old);
    const copy = create(CreateStudyRequestSchema, request).study;
    expect(copy?.labels).toEqual({ team: "vision" });
    expect(copy?.parameters[0]?.condition?.parent).toBe("opt");
  });

  test("copies constraints on parameters, and says which of them are about one that is gone", () => {
    const constraintOn = (parameter: string) =>
      create(LinearConstraintSchema, { terms: [{ parameter, coefficient: 2 }], upper: 1 });
    const { study } = create(CreateStudyRequestSchema, requestFrom(draft()).request);
    study!.linearConstraints = [constraintOn("removed since"), constraintOn("learning_rate")];
    const { request, problems } = requestFrom({ ...draftFrom(study!), id: "s" }, study);
    expect(request.study?.linearConstraints).toEqual([constraintOn("learning_rate")]);
    expect([...problems]).toEqual([["linearConstraints[0]", 'There is no parameter "removed since".']]);
  });
});

describe("a form's problems", () => {
  test("are said at their fields", () => {
    const parameters = [
      { ...newParameter(), name: "a", low: "0", log: true },
      { ...newParameter(), name: "a", low: "2", high: "1" },
      { ...newParameter(), name: "", kind: "integer" as const, low: "0.5" },
      { ...newParameter(), name: "c", kind: "categorical" as const, choices: "x, x" },
    ];
    const { problems } = requestFrom(
      draft({ id: "-bad", parameters, maxTrials: "0", patience: "1.5", target: "low" }),
    );
    expect([...problems.keys()].sort()).toEqual(
      [
        "id",
        "maxTrials",
        "parameters[0].low",
        "parameters[1].high",
        "parameters[1].name",
        "parameters[2].low",
        "parameters[2].name",
        "parameters[3].choices",
        "patience",
        "target",
      ].sort(),
    );
  });
});
