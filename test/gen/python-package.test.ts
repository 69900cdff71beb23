import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/server.ts";
import { leaveOut, missingPython, python } from "../support/toolchain.ts";

const run = promisify(execFile);
const out = leaveOut(
  "packaging of the Python stubs",
  missingPython("pip", "setuptools", "wheel", "grpc", "google.rpc"),
);

describe.skipIf(out)("gen/python", () => {
  let scratch: string;
  const site = (): string => join(scratch, "site");

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "asktell-python-"));
    // A copy, as building leaves files beside the sources.
    await cp(join(root, "gen/python"), join(scratch, "package"), {
      recursive: true,
      filter: (path) => !/\/build$|\.egg-info$|__pycache__$/.test(path),
    });
    const offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"];
    await run(python, ["-m", "pip", "install", ...offline, "--target", site(), join(scratch, "package")]);
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  const evaluate = async (code: string): Promise<string> => {
    const { stdout } = await run(python, ["-W", "error", "-c", code], {
      cwd: scratch,
      env: { ...process.env, PYTHONPATH: site() },
    });
    return stdout.trim();
  };

  it("installs as a package whose stubs load without a warning", async () => {
    const modules = ["study", "trial", "token"].map((name) => `${name}_service_pb2_grpc`);
    expect(
      await evaluate(`from asktell.v1 import ${modules.join(", ")}; print(trial_service_pb2_grpc.__file__)`),
    ).toBe(join(site(), "asktell/v1/trial_service_pb2_grpc.py"));
  });

  it("carries parameters as plain Python values", async () => {
    const code = `
from asktell.v1 import trial_pb2
trial = trial_pb2.Trial(number=0)
trial.params.update({"lr": 0.5, "layers": 3, "act": "relu"})
read = trial_pb2.Trial.FromString(trial.SerializeToString())
print(read.params["lr"], int(read.params["layers"]), read.params["act"], "depth" in read.params)`;
    expect(await evaluate(code)).toBe("0.5 3 relu False");
  });

  it("brings types for type checkers", async () => {
    const code = `import importlib.resources as r; print(*sorted(f.name for f in r.files("asktell.v1").iterdir() if f.name in ("py.typed", "trial_pb2.pyi")))`;
    expect(await evaluate(code)).toBe("py.typed trial_pb2.pyi");
  });
});
