import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Owner } from "./owner.ts";

const execFileAsync = promisify(execFile);

/**
 * The environment of PostgreSQL's programs. The caller's own PG* and locale variables would change what they do;
 * Windows programs need more of theirs to start at all.
 */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept =
    process.platform === "win32"
      ? Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("PG"))
      : Object.entries(process.env).filter(([name]) => name === "PATH" || name === "TMPDIR");
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}

/**
 * Spawn options that run a program as the owner. Everybody may enter the root directory, where programs start that
 * need no other.
 */
export function runAs(owner: Owner | undefined, directory?: string) {
  return {
    env: cleanEnvironment(),
    cwd: directory ?? (process.platform === "win32" ? process.cwd() : "/"),
    windowsHide: true,
    ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
  };
}

/**
 * How a program of PostgreSQL that runs in `clusterDir` names that directory. The owner whom root has chosen often may
 * not pass a directory above it, such as /root; but a process is put into its working directory before it gives up
 * root's rights, and Linux lets it return there by this link without passing anything.
 */
export function clusterPath(clusterDir: string, owner: Owner | undefined): string {
  return owner !== undefined && process.platform === "linux" ? "/proc/self/cwd" : clusterDir;
}

/** Runs one of PostgreSQL's programs to its end and returns what it printed. */
export async function runProgram(
  program: string,
  args: string[],
  owner: Owner | undefined,
  directory?: string,
): Promise<string> {
  const { stdout } = await execFileAsync(program, args, runAs(owner, directory));
  return stdout;
}
