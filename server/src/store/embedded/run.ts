import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Owner } from "./owner.ts";

const execFileAsync = promisify(execFile);

/**
 * The environment of PostgreSQL's programs. The caller's own PG* and locale variables would change what they do;
 * Windows programs need more of theirs to start at all.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept =
    process.platform === "win32"
      ? Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("PG"))
      : Object.entries(process.env).filter(([name]) => name === "PATH" || name === "TMPDIR");
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}

/** Spawn options that run a program as the owner. The working directory must be one that every user may enter. */
export function runAs(owner: Owner | undefined) {
  return {
    env: cleanEnvironment(),
    cwd: process.platform === "win32" ? process.cwd() : "/",
    windowsHide: true,
    ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
  };
}

/** Runs one of PostgreSQL's programs to its end and returns what it printed. */
export async function runProgram(program: string, args: string[], owner: Owner | undefined): Promise<string> {
  const { stdout } = await execFileAsync(program, args, runAs(owner));
  return stdout;
}
