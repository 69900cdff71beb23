import { expect, test } from "vitest";
import { snippetsFor } from "./snippets.ts";

const facts = { origin: "http://127.0.0.1:8080", token: "at_secret", study: "mnist", objectives: ["loss"] };

test("every snippet names this server, this study and the token", () => {
  for (const { id, code } of snippetsFor(facts)) {
    expect(code, id).toContain("127.0.0.1:8080");
    expect(code, id).toContain("at_secret");
    expect(code, id).toContain("mnist");
  }
});

test("gRPC snippets turn to TLS, and to its port, behind https", () => {
  const [, python, cpp] = snippetsFor({ ...facts, origin: "https://hpo.example" });
  expect(python?.code).toContain('secure_channel("hpo.example:443"');
  expect(cpp?.code).toContain("SslCredentials");
});

test("the curl line tells as many values as the study has objectives, as valid JSON", () => {
  const [curl] = snippetsFor({ ...facts, objectives: ["error", "latency"] });
  const body = /TellTrial[\s\S]*-d '(.*)'/.exec(curl?.code ?? "")?.[1] ?? "";
  expect(JSON.parse(body)).toEqual({ trial: "mnist/trials/0", values: [0.31, 0.62] });
});
