import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, root, startTestServer } from "../support/server.ts";
import { leaveOut, missingPython, python } from "../support/toolchain.ts";
import { countState, expectFinished } from "./finished-study.ts";

const out = leaveOut("the Python example", missingPython("grpc", "google.protobuf", "sklearn"));

describe.skipIf(out)("examples/python/digits_mlp.py", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it("40 trials by two workers reach 97 % validation accuracy and a quarter of them are pruned", async () => {
    const script = join(root, "examples/python/digits_mlp.py");
    const given = ["--server", server.address, "--trials", "40", "--workers", "2", "--seed", "1"];
    const { stdout } = await promisify(execFile)(python, [script, ...given], {
      env: {
        ...process.env,
        ASKTELL_TOKEN: server.token,
        PYTHONPATH: join(root, "gen/python/src"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    const outcome = await expectFinished(server.url, server.token, "digits-mlp", 40);
    expect(outcome.best).toBeGreaterThanOrEqual(0.97);
    expect(countState(outcome, "PRUNED")).toBeGreaterThanOrEqual(10);
    expect(new Set(outcome.trials.map((trial) => trial.worker)).size).toBe(2);
    // The winner is as good on images that took no part in the search.
    expect(Number(/test accuracy ([\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(0.95);
  }, 300_000);
});
