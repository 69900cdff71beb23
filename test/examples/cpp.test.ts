import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOut, missingCpp } from "../support/toolchain.ts";
import { countState, expectFinished } from "./finished-study.ts";

const run = promisify(execFile);
const out = leaveOut("the C++ example", missingCpp());
// Kept from run to run: the stubs take most of a minute to compile.
const build = join(root, "test/artefacts/cpp");

describe.skipIf(out)("examples/cpp", () => {
  const server = useTestServer();
  beforeAll(async () => {
    await run("cmake", ["-S", join(root, "examples/cpp"), "-B", build]);
    await run("cmake", ["--build", build, "--parallel", "2"]);
  }, 600_000);

  it("two workers tune an elastic net together by ten-fold cross-validation", async () => {
    const data = join(root, "examples/data/breast-cancer.csv");
    const given = ["--server", server.address, "--trials", "30", "--study", "elastic", "--data", data];
    const env = { ...process.env, ASKTELL_TOKEN: server.token };
    const outputs = await Promise.all([1, 2].map(() => run(join(build, "worker"), given, { env })));
    const outcome = await expectFinished(server, "elastic", 30);
    expect(outcome.best).toBeLessThan(0.1);
    expect(countState(outcome, "PRUNED")).toBeGreaterThanOrEqual(1);
    for (const { stdout } of outputs) expect(stdout).toMatch(/best: trial \d+, log loss 0\.0\d+/);
  });
});
