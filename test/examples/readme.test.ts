import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, root, startTestServer } from "../support/server.ts";
import { leaveOut, missingCpp, missingPython, python, works } from "../support/toolchain.ts";
import { expectFinished } from "./finished-study.ts";

const run = promisify(execFile);

/** The README's code under "The first study in a minute" in this language, to run against `server`. */
async function snippet(language: string, server: TestServer): Promise<string> {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const section = /## The first study in a minute\n(.*?)\n## /s.exec(readme)?.[1] ?? "";
  const code = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section)?.[1];
  if (code === undefined) throw new Error(`The README has no ${language} there.`);
  return code.replaceAll("http://localhost:8080", server.url).replaceAll("localhost:8080", server.address);
}

describe("the README", () => {
  let server: TestServer;
  let scratch: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    server = await startTestServer();
    scratch = await mkdtemp(join(tmpdir(), "asktell-readme-"));
    env = { ...process.env, ASKTELL_TOKEN: server.token, PYTHONPATH: join(root, "gen/python/src") };
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
    await server.stop();
  });

  it.skipIf(leaveOut("the README's curl", [!works("curl", "--version") && "curl"]))(
    "creates, asks, reports and tells by curl as it says",
    async () => {
      // Each call's answer on a line.
      const script = (await snippet("sh", server)).replaceAll(/^curl /gm, "curl -sS -w '\\n' ");
      const { stdout } = await run("sh", ["-e", "-c", script], { env });
      const answers = stdout
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      expect(answers).toMatchObject([
        { study: { name: "projects/default/studies/mnist", state: "STUDY_STATE_ACTIVE" } },
        {
          studyState: "STUDY_STATE_ACTIVE",
          trials: [
            {
              name: "projects/default/studies/mnist/trials/0",
              number: 0,
              state: "TRIAL_STATE_RUNNING",
              params: {
                lr: expect.any(Number),
                layers: expect.any(Number),
                act: expect.stringMatching(/relu|tanh/),
              },
            },
          ],
        },
        { shouldStop: false, leaseExpireTime: expect.stringMatching(/Z$/) },
        { trial: { state: "TRIAL_STATE_COMPLETED", values: [0.31] } },
      ]);
    },
  );

  it.skipIf(leaveOut("the README's Python", missingPython("grpc", "google.protobuf")))(
    "finishes that study with its worker in Python",
    async () => {
      const train =
        "def train(lr, layers, act):\n    for epoch in range(1, 4):\n        yield lr / epoch + layers\n";
      await run(python, ["-c", `${train}\n${await snippet("python", server)}`], { env });
      const { trials } = await expectFinished(server, "mnist", 20);
      expect(trials.every((trial) => trial.state !== "TRIAL_STATE_FAILED")).toBe(true);
    },
  );

  it.skipIf(leaveOut("the README's C++", missingCpp()))("asks in C++ by code that compiles", async () => {
    const includes = ["asktell/v1/trial_service.grpc.pb.h", "grpcpp/grpcpp.h", "string"];
    const head = includes.map((path) => `#include <${path}>\n`).join("");
    const body = `void ask(const std::string& token) {\n${await snippet("cpp", server)}\n}\n`;
    const file = join(scratch, "ask.cpp");
    await writeFile(file, head + body);
    const compiler = ["-std=c++17", "-fsyntax-only", "-I", join(root, "gen/cpp/src"), file];
    expect(await run("c++", compiler)).toEqual({ stdout: "", stderr: "" });
  });
});
