import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const bin = join(root, "node_modules/.bin");
const kernels = "server/src/optimizer/numerics/kernels";
let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "asktell-generated-"));
  for (const name of ["proto", "gen", "buf.yaml", "buf.gen.yaml", "SECURITY.md", kernels]) {
    await cp(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !path.includes("/build"),
    });
  }
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});
afterEach(async () => {
  await rm(copy, { recursive: true, force: true });
});

/** Runs a script on the copy. `path` overrides where tools are looked for, `ci` says that nothing may be missing. */
async function run(
  name: string,
  settings: { path?: string; ci?: boolean } = {},
): Promise<{ code: number; output: string }> {
  const { CI: _ci, ...env } = process.env;
  const script = join(root, "test/tools", name);
  return new Promise((done) => {
    execFile(
      process.execPath,
      [script],
      {
        cwd: copy,
        env: {
          ...env,
          PATH: settings.path ?? `${bin}:${env["PATH"] ?? ""}`,
          ...(settings.ci ? { CI: "true" } : {}),
        },
      },
      (failure, stdout, stderr) => done({ code: failure === null ? 0 : 1, output: stdout + stderr }),
    );
  });
}

describe("check:generated", () => {
  it("finds the committed stubs fresh", async () => {
    expect(await run("check-generated.ts")).toMatchObject({ code: 0 });
  });

  it("names each stub that an edited comment leaves behind", async () => {
    const path = join(copy, "proto/asktell/v1/trial.proto");
    await writeFile(
      path,
      (await readFile(path, "utf8")).replace("// Where a trial stands.", "// How it is."),
    );
    const { code, output } = await run("check-generated.ts");
    expect(code).toBe(1);
    expect(output).toContain("gen/ts/src/asktell/v1/trial_pb.ts: out of date");
  });

  it("finds kernels that their source does not compile to", async () => {
    const path = join(copy, kernels, "linear-algebra.as.ts");
    const source = await readFile(path, "utf8");
    await writeFile(path, source.replace("value / load<f64>", "value * load<f64>"));
    const { code, output } = await run("check-generated.ts");
    expect(code).toBe(1);
    expect(output).toContain(`${kernels}/module.ts: out of date`);
  });

  it("finds a stub whose proto is gone", async () => {
    await writeFile(join(copy, "gen/ts/src/asktell/v1/old_pb.ts"), "export {};\n");
    expect((await run("check-generated.ts")).output).toContain(
      "gen/ts/src/asktell/v1/old_pb.ts: no proto generates it any more",
    );
  });

  it("without the C++ and Python plugins still sees a new field, by the schema's digest", async () => {
    expect(await run("check-generated.ts", { path: bin })).toMatchObject({
      code: 0,
      output: expect.stringContaining("digest"),
    });
    await appendFile(join(copy, "proto/asktell/v1/trial.proto"), "// One more.\nmessage More {}\n");
    const { code, output } = await run("check-generated.ts", { path: bin });
    expect(code).toBe(1);
    expect(output).toContain("gen/schema.sha256: the protos have changed since");
  });

  it("takes a missing plugin for an error in continuous integration", async () => {
    const { code, output } = await run("check-generated.ts", { path: bin, ci: true });
    expect(code).toBe(1);
    expect(output).toContain("grpc_python_plugin is missing");
  });
});

describe("generate", () => {
  it("writes what is wrong, removes what is stale and touches nothing else", async () => {
    const [wrong, stale, right] = ["trial_pb.ts", "old_pb.ts", "study_pb.ts"].map((name) =>
      join(copy, "gen/ts/src/asktell/v1", name),
    );
    const before = await readFile(wrong!, "utf8");
    const { mtimeMs } = await stat(right!);
    await writeFile(wrong!, "");
    await writeFile(stale!, "");
    expect((await run("generate.ts")).output.split("\n").slice(0, 2).sort()).toEqual([
      "gen/ts/src/asktell/v1/old_pb.ts",
      "gen/ts/src/asktell/v1/trial_pb.ts",
    ]);
    expect(await readFile(wrong!, "utf8")).toBe(before);
    await expect(stat(stale!)).rejects.toThrow("ENOENT");
    expect((await stat(right!)).mtimeMs).toBe(mtimeMs);
  });
});
