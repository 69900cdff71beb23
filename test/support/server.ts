import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export interface ServerOptions {
  /** More environment variables, such as settings. They win over the defaults below. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the embedded store lives; kept by `stop`. Default: a temporary directory that `stop` removes. */
  readonly dataDir?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** What the token may do. Default: `manage`. */
  readonly scope?: "read" | "work" | "manage";
}

/** A real server in a process of its own, started as users start it. */
export interface TestServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** host:port, as gRPC clients want it. */
  readonly address: string;
  readonly token: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** What the server has written so far, standard output and error together. */
  log(): string;
  /** Runs a command of the command line, such as `["token", "list"]`, on the same store; its standard output. */
  run(command: readonly string[]): Promise<string>;
  /** Ends it by SIGTERM. Calling it again is fine. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would; the directory stays. */
  kill(): Promise<void>;
}

export const root = resolve(import.meta.dirname, "../..");
const main = join(root, "server/src/main.ts");

export async function startTestServer(options: ServerOptions = {}): Promise<TestServer> {
  for (;;) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Where a server comes back to its port, the system may have given that to somebody else for a moment.
      if (options.port === undefined || !/ is in use/.test(String(error))) throw error;
      await sleep(200);
    }
  }
}

async function startOnce(options: ServerOptions): Promise<TestServer> {
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "asktell-server-")));
  const { DATABASE_URL: _database, ...inherited } = process.env;
  const env = { ...inherited, ASKTELL_DATA_DIR: dataDir, ASKTELL_LOG_LEVEL: "warn", ...options.env };
  const child = spawn(process.execPath, [main, "serve", "--port", String(options.port ?? 0)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const run = async (command: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...command], { env });
    return stdout.trim();
  };
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  const stop = async (): Promise<void> => {
    await end("SIGTERM");
    if (temporary) await rm(dataDir, { recursive: true, force: true });
  };

  try {
    const url = await new Promise<string>((found, failed) => {
      const read = (chunk: Buffer): void => {
        log += chunk.toString();
        const match = /ready at (\S+)\s/.exec(log);
        if (match?.[1] !== undefined) found(match[1]);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", failed);
      child.once("exit", (code) =>
        failed(new Error(`The server ended with ${code} before it served.\n${log}`)),
      );
    });
    const scope = options.scope ?? "manage";
    const token = await run(["token", "create", "--name", "test", "--scopes", scope, "--days", "1"]);
    return {
      url,
      address: new URL(url).host,
      token,
      dataDir,
      process: child,
      log: () => log,
      run,
      stop,
      kill: () => end("SIGKILL"),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
