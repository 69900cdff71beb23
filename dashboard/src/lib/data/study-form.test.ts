import { create, toJson } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { LinearConstraintSchema } from "@asktell/proto/asktell/v1/study_pb";
import { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";
import { draftFrom, newDraft, newObjective, type StudyDraft } from "./study-form.ts";
import { requestFrom } from "./study-request.ts";
import { newOutcome } from "./outcome-form.ts";
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
    old.parameters[0]!.default = create(ValueSchema, { kind: { case: "numberValue", value: 0.01 } });
    const { request } = requestFrom(draftFrom(old), old);
    const copy = create(CreateStudyRequestSchema, request).study;
    expect(copy?.labels).toEqual({ team: "vision" });
    expect(copy?.parameters[0]?.default?.kind.value).toBe(0.01);
  });

  test("ties parameters to the values of others, which may be renamed, and bounds metrics; a copy has both", () => {
    const model = {
      ...newParameter(),
      name: "model",
      kind: "categorical" as const,
      choices: 'mlp, tree, "3"',
    };
    const layers = { ...newParameter(), name: "layers", depends: true, parent: model.key, only: 'mlp, "3"' };
    const deep = { ...newParameter(), name: "deep", depends: true, parent: layers.key, only: "0.5, 1" };
    const outcomes = [newOutcome(" memory ", "16")];
    const filled = draft({ parameters: [layers, { ...model, name: "kind" }, deep], outcomes });
    const wanted = {
      constraints: [{ metric: "memory", upper: 16 }],
      parameters: [
        { name: "layers", condition: { parent: "kind", values: ["mlp", "3"] } },
        { name: "kind" },
        { name: "deep", condition: { parent: "layers", values: [0.5, 1] } },
      ],
    };
    expect(requestFrom(filled).problems).toEqual(new Map());
    expect(asJson(filled)).toMatchObject({ study: wanted });
    const { study } = create(CreateStudyRequestSchema, requestFrom(filled).request);
    expect(asJson(draftFrom({ ...study!, name: "projects/p/studies/s" }))).toMatchObject({ study: wanted });
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

  test("of conditions and bounds are said at their fields, too", () => {
    const model = { ...newParameter(), name: "model", kind: "categorical" as const, choices: "mlp, tree" };
    const on = (parent: number | undefined, only: string) => ({
      ...newParameter(),
      name: `p${only}`,
      depends: true,
      parent,
      only,
    });
    const width = { ...newParameter(), name: "width" };
    const { problems } = requestFrom(
      draft({
        parameters: [
          model,
          width,
          on(undefined, "x"),
          on(model.key, "mpl"),
          on(model.key, ""),
          on(width.key, "wide"),
        ],
        outcomes: [newOutcome("", "1"), newOutcome("memory", "much")],
      }),
    );
    expect(Object.fromEntries(problems)).toEqual({
      "parameters[2].condition.parent": "Choose another parameter.",
      "parameters[3].condition.values": "mpl is none of its choices.",
      "parameters[4].condition.values": "At least one value is needed.",
      "parameters[5].condition.values": "Numbers are needed.",
      "constraints[0].metric": "A name is needed.",
      "constraints[1].upper": "This is not a number.",
    });
  });
});

describe("what a message has no room for", () => {
  const problemsOf = (changes: Partial<StudyDraft>) => requestFrom(draft(changes)).problems;

  test.each(["maxTrials", "maxRunning", "patience", "maxAttempts", "seed", "maxDuration", "lease"] as const)(
    "is said of %s before it is sent",
    (field) => {
      expect([...problemsOf({ [field]: "1e30" }).keys()]).toEqual([field]);
      expect(problemsOf({ [field]: "5" }).size).toBe(0);
    },
  );

  test("is said of a step of whole numbers", () => {
    const parameters = [
      { ...newParameter(), name: "n", kind: "integer" as const, low: "1", high: "4", step: "1e300" },
    ];
    expect([...problemsOf({ parameters }).keys()]).toEqual(["parameters[0].step"]);
  });
});

test("limits that only a study of one objective has are left out with several, whatever was typed", () => {
  const objectives = [newObjective("loss"), newObjective("time")];
  const { request, problems } = requestFrom(draft({ objectives, target: "half", patience: "20" }));
  expect(problems.size).toBe(0);
  expect(request.study).not.toHaveProperty("targetValue");
  expect(request.study).not.toHaveProperty("patience");
});
