import { setTimeout as sleep } from "node:timers/promises";
import { inspectProcess, readPidFile } from "./pid-file.ts";
import { errorCode } from "./query.ts";
import { runProgram } from "./run.ts";
import type { ServerOptions } from "./server.ts";

/** How long a fast shutdown may take before an immediate one (recovery at the next start) is asked for. */
const fastTimeout = 30_000;
const immediateTimeout = 10_000;

/**
 * Stops the server: fast (open transactions are rolled back), then immediate. Never SIGKILL, which would leave its
 * children and shared memory behind.
 */
export async function stopServer(options: ServerOptions, pid: number): Promise<void> {
  const attempts = [
    { mode: "fast", signal: "SIGINT", timeout: fastTimeout },
    { mode: "immediate", signal: "SIGQUIT", timeout: immediateTimeout },
  ] as const;
  for (const { mode, signal, timeout } of attempts) {
    // The number of a server that has gone may belong to another program by now.
    if ((await inspectProcess(pid)) !== "postgres") return;
    if (process.platform === "win32") {
      // Windows has no such signals; pg_ctl speaks the server's own pipe.
      const args = ["stop", "-D", options.clusterDir, "-m", mode, "-t", String(timeout / 1000)];
      await runProgram(options.binaries.pgCtl, args, undefined).catch(() => {});
    } else {
      kill(pid, signal);
    }
    if (await waitForEnd(options.clusterDir, pid, timeout)) return;
    options.log.warn(
      `PostgreSQL (process ${pid}) has not stopped after ${timeout / 1000} s of ${mode} shutdown`,
    );
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop; see ${options.logFile}`);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** The pid file goes last in a clean shutdown; after an immediate one the process alone tells. */
async function waitForEnd(clusterDir: string, pid: number, timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    if ((await inspectProcess(pid)) !== "postgres") return true;
    if (process.platform === "win32" && (await readPidFile(clusterDir)) === undefined) return true;
    await sleep(5);
  }
  return false;
}
