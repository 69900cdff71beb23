/**
 * Fails if the protos break clients of what is published: the last release tag, or before any release the tip of the main
 * branch. With nothing to compare to (first commit, no git) it says so and passes.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

async function git(...args: string[]): Promise<string | undefined> {
  return run("git", args).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** The newest of the references that exists and holds protos. */
async function publishedReference(): Promise<string | undefined> {
  const tag = await git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*");
  for (const reference of [tag, "refs/heads/main", "refs/remotes/origin/main"]) {
    if (reference !== undefined && (await git("cat-file", "-e", `${reference}:buf.yaml`)) !== undefined)
      return reference;
  }
  return undefined;
}

const reference = await publishedReference();
if (reference === undefined) {
  console.error("breaking: no release and no main branch to compare to.");
} else {
  const scratch = await mkdtemp(join(tmpdir(), "asktell-breaking-"));
  try {
    const archive = join(scratch, "published.tar");
    await run("git", ["archive", "--format=tar", "-o", archive, reference, "buf.yaml", "proto"]);
    const buf = spawn("buf", ["breaking", "--against", archive], { stdio: "inherit" });
    process.exitCode = await new Promise<number>((resolve, reject) => {
      buf.on("error", reject).on("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
