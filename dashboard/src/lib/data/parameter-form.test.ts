import { create, fromJson, toJson } from "@bufbuild/protobuf";
import { ParameterSchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { newParameter, parameterDraftFrom, parameterFrom, type ParameterDraft } from "./parameter-form.ts";

function read(changes: Partial<ParameterDraft>) {
  const problems = new Map<string, string>();
  const message = parameterFrom({ ...newParameter(), name: "p", ...changes }, "p", problems);
  return { json: toJson(ParameterSchema, create(ParameterSchema, message)), problems };
}

test("a value that is expected becomes a prior, on a log scale by its factor", () => {
  const plain = read({ believes: true, mean: "0.25", spread: "0.1" });
  expect(plain.json).toMatchObject({ real: { prior: { mean: 0.25, deviation: 0.1 } } });
  const log = read({
    kind: "integer",
    low: "1",
    high: "1024",
    log: true,
    believes: true,
    mean: "64",
    spread: "2",
  });
  expect(log.json).toMatchObject({ integer: { prior: { mean: 64, deviation: Math.LN2 } } });
  expect([...plain.problems, ...log.problems]).toEqual([]);
});

test("weights go with the choices, and the order of choices is kept", () => {
  const { json, problems } = read({
    kind: "categorical",
    choices: "small, medium, large",
    ordered: true,
    believes: true,
    weights: "3, 1, 0.5",
  });
  expect(json).toMatchObject({
    categorical: { choices: ["small", "medium", "large"], ordered: true, weights: [3, 1, 0.5] },
  });
  expect(problems.size).toBe(0);
});

test("what is folded away says nothing", () => {
  expect(read({ mean: "7", spread: "nonsense" }).json).toEqual({ name: "p", real: { high: 1 } });
  expect(read({ kind: "categorical", choices: "a", weights: "x" }).problems.size).toBe(0);
});

test.each([
  [{ mean: "2", spread: "1" }, "prior.mean", /between the bounds/],
  [{ mean: "", spread: "1" }, "prior.mean", /not a number/],
  [{ mean: "0.5", spread: "0" }, "prior.deviation", /Above 0/],
  [{ low: "0.1", log: true, mean: "0.5", spread: "1" }, "prior.deviation", /factor above 1/],
  [
    { kind: "categorical", choices: "a, b", weights: "1" },
    "weights",
    /One number a choice is needed: 2, and here are 1/,
  ],
  [{ kind: "categorical", choices: "a, b", weights: "1, 0" }, "weights", /from 0.000001/],
  [{ kind: "categorical", choices: "a, b", weights: "1, x" }, "weights", /from 0.000001/],
] as const)("%j is refused at %s", (changes, field, message) => {
  const { problems } = read({ believes: true, ...changes });
  expect([...problems.keys()]).toEqual([`p.${field}`]);
  expect(problems.get(`p.${field}`)).toMatch(message);
});

test.each([
  { name: "a", real: { low: 0.001, high: 1, log: true, prior: { mean: 0.01, deviation: Math.log(3) } } },
  { name: "b", integer: { low: "1", high: "9", step: "2", prior: { mean: 3, deviation: 1.5 } } },
  { name: "c", categorical: { choices: ["x", 2], ordered: true, weights: [1, 4] } },
])("a copy of %j is the same", (json) => {
  const draft = parameterDraftFrom(fromJson(ParameterSchema, json));
  const problems = new Map<string, string>();
  const copy = create(ParameterSchema, parameterFrom(draft, "p", problems));
  expect(toJson(ParameterSchema, copy)).toEqual(json);
  expect(problems.size).toBe(0);
});
