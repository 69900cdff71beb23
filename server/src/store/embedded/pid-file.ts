import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";

/** What a running PostgreSQL writes to postmaster.pid, in its order of lines. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  /** Empty on Windows. */
  readonly socketDir: string;
  /** System V shared memory id, or undefined before the server has got that far. */
  readonly sharedMemoryId: number | undefined;
  /** "starting", "ready", "stopping", "standby", or empty in the first instant. */
  readonly status: string;
}

const path = (clusterDir: string) => join(clusterDir, "postmaster.pid");

/** Undefined when no server runs or has left its mark. */
export async function readPidFile(clusterDir: string): Promise<PidFile | undefined> {
  const text = await readFile(path(clusterDir), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key and id, status.
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Math.abs(Number.parseInt(lines[0] ?? "", 10));
  if (!Number.isSafeInteger(pid)) return undefined;
  const id = Number.parseInt(lines[6]?.split(/\s+/)[1] ?? "", 10);
  return {
    pid,
    port: Number(lines[3] ?? 0),
    socketDir: lines[4] ?? "",
    sharedMemoryId: Number.isNaN(id) ? undefined : id,
    status: lines[7] ?? "",
  };
}

/** "other" is a process that has inherited the number: after a container's restart that is common. */
export async function inspectProcess(pid: number): Promise<"dead" | "postgres" | "other"> {
  if (!exists(pid)) return "dead";
  if (process.platform !== "linux") return "postgres";
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  // Readable for processes of every user, unless it has just ended, or /proc is mounted with hidepid: then believe the pid file.
  if (command === undefined) return exists(pid) ? "postgres" : "dead";
  // A zombie has no command line.
  if (command === "") return "dead";
  return basename(command.split("\0")[0] ?? "").startsWith("postgres") ? "postgres" : "other";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Removes a pid file whose number has gone to another program, because PostgreSQL would take that program for a
 * server of its own. Only when the dead server's shared memory is unused too: a child that outlived it may still write.
 */
export async function removeStalePidFile(clusterDir: string, file: PidFile): Promise<boolean> {
  const segments = await readFile("/proc/sysvipc/shm", "utf8").catch(() => undefined);
  if (segments === undefined) return false;
  // Columns: key shmid perms size cpid lpid nattch …
  const attached = segments.split("\n").some((line) => {
    const columns = line.trim().split(/\s+/);
    return Number(columns[1]) === file.sharedMemoryId && Number(columns[6]) > 0;
  });
  if (attached) return false;
  await rm(path(clusterDir), { force: true });
  return true;
}
