import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { snippetsFor } from "./snippets.ts";

const real = { name: "lr", real: { low: 1e-5, high: 0.1, log: true } };

function snippets(spec: Record<string, JsonValue> = {}, origin = "http://127.0.0.1:8080") {
  const study = fromJson(StudySchema, {
    name: "projects/default/studies/mnist",
    objectives: [{ name: "loss" }],
    parameters: [real],
    ...spec,
  });
  return snippetsFor({ origin, token: (scope) => `at_${scope}`, study });
}

test("every snippet names this server, this study and a token that may do what it does", () => {
  for (const { id, code, scope } of snippets()) {
    expect(code, id).toContain("127.0.0.1:8080");
    expect(code, id).toContain(`at_${scope}`);
    expect(code, id).toContain("mnist");
  }
});

test("gRPC snippets turn to TLS, and to its port, behind https", () => {
  const [, python, cpp] = snippets({}, "https://hpo.example");
  expect(python?.code).toContain('secure_channel("hpo.example:443"');
  expect(cpp?.code).toContain("SslCredentials");
});

test("the curl line tells as many values as the study has objectives, as valid JSON", () => {
  const [curl] = snippets({ objectives: [{ name: "error" }, { name: "latency" }] });
  const body = /TellTrial[\s\S]*-d '(.*)'/.exec(curl?.code ?? "")?.[1] ?? "";
  expect(JSON.parse(body)).toEqual({ trial: "mnist/trials/0", values: [0.31, 0.62] });
});

test("where metrics have bounds, every worker tells them, without which its result would be refused", () => {
  const constraints = [
    { metric: "memory", upper: 16 },
    { metric: 'it\'s "slow"', upper: 0.5 },
  ];
  const [curl, python, cpp] = snippets({ constraints });
  const body = /TellTrial[\s\S]*-d '(.*)'/.exec(curl?.code ?? "")?.[1] ?? "";
  expect(JSON.parse(body.replaceAll("'\\''", "'"))).toEqual({
    trial: "mnist/trials/0",
    values: [0.31],
    metrics: { memory: 16, 'it\'s "slow"': 0.5 },
  });
  expect(python?.code).toContain("result, metrics = train(dict(trial.params))");
  expect(python?.code).toContain("values=[result], metrics=metrics)");
  expect(cpp?.code).toContain("(*tell.mutable_metrics())[name] = number;");
  for (const { code } of snippets()) expect(code).not.toContain("metrics");
});

test("hopaas_client's snippet has the study's parameters, title and direction in that client's words", () => {
  const hopaas = snippets({
    displayName: 'The "digits"',
    objectives: [{ name: "accuracy", goal: "GOAL_MAXIMIZE" }],
    parameters: [
      real,
      { name: "drop", real: { low: 0, high: 0.5 } },
      { name: "width", integer: { low: 8, high: 512, step: 8 } },
      { name: "layers", integer: { low: 1, high: 4, log: true } },
      { name: "act", categorical: { choices: ["relu", 2, true] } },
    ],
  }).at(-1);
  expect(hopaas).toMatchObject({ id: "hopaas", scope: "edit" });
  for (const words of [
    '    "The \\"digits\\"",',
    '"lr": hpc.suggestions.LogUniform(0.00001, 0.1),',
    '"drop": hpc.suggestions.Float(0, 0.5),',
    '"width": hpc.suggestions.Int(8, 512, 8, False),',
    '"layers": hpc.suggestions.Int(1, 4, 1, True),',
    '"act": hpc.suggestions.Categorical(["relu", "2", "true"]),',
    'direction="maximize",',
    'client=hpc.Client(server="http://127.0.0.1:8080", token="at_edit"),',
  ])
    expect(hopaas?.code).toContain(words);
});

test.each([
  ["bounds on metrics", { constraints: [{ metric: "memory", upper: 16 }] }],
  [
    "constraints on parameters",
    { linearConstraints: [{ terms: [{ parameter: "lr", coefficient: 1 }], upper: 0.01 }] },
  ],
  ["several objectives", { objectives: [{ name: "error" }, { name: "latency" }] }],
  [
    "conditions",
    {
      parameters: [
        { name: "kind", categorical: { choices: ["a", "b"] } },
        { ...real, condition: { parent: "kind", values: ["a"] } },
      ],
    },
  ],
])("hopaas_client, which knows no %s, is not offered for them", (_, spec) => {
  expect(snippets(spec).map(({ id }) => id)).toEqual(["curl", "python", "cpp"]);
});
