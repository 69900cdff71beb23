import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { onTestFinished } from "vitest";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "../../server/src/store/embedded/index.ts";

/** Without durability, which these tests do not test and which is half of their time. */
export const fast = { fsync: "off", full_page_writes: "off" };

/** A directory that goes when the test has finished. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "asktell-embedded-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts a server that is stopped when the test has finished, and what it logged. */
export async function startForTest(
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres & { readonly messages: string[] }> {
  const messages: string[] = [];
  const log = { info: (text: string) => messages.push(text), warn: (text: string) => messages.push(text) };
  const server = await startEmbeddedPostgres({ dataDir, log, settings: fast, ...options });
  onTestFinished(() => server.stop());
  // A spread would read the getter of the process id once and for all.
  return Object.assign(Object.create(server) as EmbeddedPostgres, { messages });
}

/** Runs one statement and returns its rows. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Another Node process that runs the launcher. */
export interface OtherProcess {
  readonly url: string;
  /** Of the PostgreSQL server. */
  readonly serverPid: number;
  readonly adopted: boolean;
  /** Stops the server as `stop` does and ends the process. */
  stop(): Promise<void>;
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>;
  /** Sends SIGINT to its process group, as a terminal does on Ctrl-C; the process ends at once, without `stop`. */
  interrupt(): Promise<void>;
}

/** Starts the launcher in another process, as the given user when that is not this one. */
export async function startInOtherProcess(
  dataDir: string,
  user?: { readonly uid: number; readonly gid: number },
): Promise<OtherProcess> {
  const program = fileURLToPath(new URL("embedded-program.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], {
    cwd: "/",
    // Leads a process group of its own.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    ...user,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error(`the other process ended early: ${errors}`);
  const ready = JSON.parse(first.value) as { url: string; pid: number; adopted: boolean };
  const end = async (action: () => void) => {
    const ended = once(child, "exit");
    action();
    await ended;
  };
  return {
    url: ready.url,
    serverPid: ready.pid,
    adopted: ready.adopted,
    stop: () => end(() => child.stdin.end()),
    kill: () => end(() => child.kill("SIGKILL")),
    interrupt: () => end(() => process.kill(-(child.pid ?? 0), "SIGINT")),
  };
}

/** Process ids of a server's children, on Linux. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").map(Number);
}
