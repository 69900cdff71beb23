import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { promisify } from "node:util";

/** One server process over a database that it shares with others. */
export interface Replica {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** What it has logged so far: warnings and worse. */
  log(): string;
  signal(signal: NodeJS.Signals): void;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Ends it by SIGTERM; calling it on one that has ended is fine. */
  stop(): Promise<void>;
}

const main = resolve(import.meta.dirname, "../../server/src/main.ts");

/** The tests' own environment may hold settings of its user. */
const cleanEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ASKTELL_|DATABASE_URL|PG)/.test(name)),
);

/**
 * Starts `asktell serve` on a free port; answers once it is ready.
 *
 * @param compileCache - directory where Node keeps compiled code, which halves the time of a start
 */
export async function startReplica(databaseUrl: string, compileCache?: string): Promise<Replica> {
  const env = {
    ...cleanEnv,
    DATABASE_URL: databaseUrl,
    ASKTELL_LOG_LEVEL: "warn",
    ASKTELL_LOG_FORMAT: "json",
    ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
  };
  const child = spawn(process.execPath, [main, "serve", "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (log += text));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  try {
    const url = await readyUrl(child, () => log);
    return {
      url,
      pid: child.pid ?? 0,
      log: () => log,
      signal: (signal) => void child.kill(signal),
      kill: () => end("SIGKILL"),
      stop: () => end("SIGTERM"),
    };
  } catch (error) {
    await end("SIGKILL");
    throw error;
  }
}

function readyUrl(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((found, failed) => {
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const url = /ready at (\S+)/.exec(output)?.[1];
      if (url !== undefined) found(url);
    });
    child.once("exit", (code, signal) =>
      failed(new Error(`a replica ended with ${code ?? signal} before it served\n${log()}`)),
    );
  });
}

/** Makes a token that may do everything; migrates the database if need be, and fills the compile cache. */
export async function createTestToken(databaseUrl: string, compileCache?: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [main, "token", "create", "--name", "chaos", "--scopes", "manage", "--days", "1"],
    {
      env: {
        ...cleanEnv,
        DATABASE_URL: databaseUrl,
        ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
      },
    },
  );
  return stdout.trim();
}
