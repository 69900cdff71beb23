import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface DemoServer {
  readonly url: string;
  /** Of scope `manage`. */
  readonly token: string;
  /** Stops the server and removes its store. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

/** Starts a server of its own: a temporary store, a free port. */
export async function startDemoServer(): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "asktell-demo-"));
  const env = { ...process.env, ASKTELL_DATA_DIR: dataDir, ASKTELL_LOG_LEVEL: "warn" };
  const server = spawn(process.execPath, [main, "serve", "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async (): Promise<void> => {
    await end(server);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await readUrl(server);
    const command = [main, "token", "create", "--name", "demo", "--scopes", "manage", "--days", "1"];
    const { stdout } = await promisify(execFile)(process.execPath, command, { env });
    return { url, token: stdout.trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the address that the server prints once it answers. */
async function readUrl(server: ChildProcess): Promise<string> {
  let output = "";
  server.stdout?.setEncoding("utf8");
  for await (const chunk of server.stdout ?? []) {
    output += String(chunk);
    const url = /ready at (\S+)\s/.exec(output)?.[1];
    if (url !== undefined) {
      server.stdout?.resume();
      return url;
    }
  }
  throw new Error(`The server did not start. ${output}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGTERM");
  await once(server, "exit");
}
