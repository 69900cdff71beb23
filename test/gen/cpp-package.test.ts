import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/server.ts";
import { leaveOut, missingCpp } from "../support/toolchain.ts";

const run = promisify(execFile);
const out = leaveOut("generating the C++ stubs while building", missingCpp());

// That the committed stubs build and work is shown by test/examples/cpp.test.ts.
describe.skipIf(out)("gen/cpp", () => {
  let build: string;
  beforeAll(async () => {
    build = await mkdtemp(join(tmpdir(), "asktell-cpp-"));
  });
  afterAll(() => rm(build, { recursive: true, force: true }));

  it("generates the stubs again for another protobuf, with the rules that the protos name", async () => {
    await run("cmake", ["-S", join(root, "gen/cpp"), "-B", build, "-DASKTELL_REGENERATE=ON"]);
    await run("cmake", ["--build", build, "--target", "asktell_generate"]);
    await access(join(build, "src/buf/validate/validate.pb.h"));
    await access(join(build, "src/asktell/v1/trial_service.grpc.pb.h"));
    const header = await readFile(join(build, "src/asktell/v1/study.pb.h"), "utf8");
    expect(header).toContain('#include "buf/validate/validate.pb.h"');
    expect(header).toContain("class Study final");
  });
});
