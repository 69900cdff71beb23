import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

/** The tests' own environment may hold settings of its user. */
const cleanEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ASKTELL_|DATABASE_URL|PG)/.test(name)),
);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `asktell` to its end, with no settings but those given. */
export function runProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { ...cleanEnv, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** A server as a user's terminal has it. */
export interface ServingProgram {
  readonly url: string;
  readonly stdout: string;
  log(): string;
  signal(signal: NodeJS.Signals): void;
  /** Answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/**
 * Starts `asktell serve` on a free port, with no settings but those given; answers when it is ready.
 *
 * @param command - what takes the flags. Default: the program itself.
 */
export async function serveProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  [program, ...words]: readonly [string, ...string[]] = [process.execPath, main, "serve"],
): Promise<ServingProgram> {
  const child = spawn(program, [...words, "--port", "0", ...args], {
    env: { ...cleanEnv, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (stderr += text));
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    stdout += String(text);
    if (stdout.includes(" data ")) break;
  }
  const url = /ready at (\S+)/.exec(stdout)?.[1];
  if (url === undefined) throw new Error(`the server did not start: ${stderr}`);
  return {
    url,
    stdout,
    log: () => stderr,
    signal: (signal) => void child.kill(signal),
    async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
      child.kill(signal);
      const [code] = (await exited) as [number];
      return code;
    },
  };
}
