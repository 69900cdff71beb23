import { execFile, execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "asktell-breaking-"));
  await cp(join(root, "proto"), join(copy, "proto"), { recursive: true });
  await cp(join(root, "buf.yaml"), join(copy, "buf.yaml"));
});
afterEach(async () => {
  await rm(copy, { recursive: true, force: true });
});

function git(...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
  execFileSync("git", [...identity, ...args], { cwd: copy, stdio: "ignore" });
}

function commit(): void {
  git("add", ".");
  git("commit", "--quiet", "-m", "Change the protos");
}

async function removeField(): Promise<void> {
  const path = join(copy, "proto/asktell/v1/study.proto");
  const text = await readFile(path, "utf8");
  const changed = text.replace(/^ *string etag = 29.*$/m, "");
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

async function check(): Promise<{ code: number; output: string }> {
  const script = join(root, "test/tools/breaking.ts");
  const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` };
  return new Promise((done) => {
    execFile(process.execPath, [script], { cwd: copy, env }, (failure, stdout, stderr) => {
      done({ code: failure === null ? 0 : 1, output: stdout + stderr });
    });
  });
}

describe("breaking", () => {
  it("passes where there is nothing to compare to, and says so", async () => {
    expect(await check()).toEqual({
      code: 0,
      output: "breaking: no release and no main branch to compare to.\n",
    });
    git("init", "--quiet", "--initial-branch=main");
    expect(await check()).toMatchObject({ code: 0 });
  });

  it("refuses to drop a field that main has", async () => {
    git("init", "--quiet", "--initial-branch=main");
    commit();
    expect(await check()).toEqual({ code: 0, output: "" });
    await removeField();
    const { code, output } = await check();
    expect(code).toBe(1);
    expect(output).toContain('field "29" with name "etag" on message "Study" was deleted');
  });

  it("compares with the last release rather than with main", async () => {
    git("init", "--quiet", "--initial-branch=main");
    commit();
    git("tag", "v0.1.0");
    await removeField();
    commit();
    expect(await check()).toMatchObject({ code: 1 });
  });
});
