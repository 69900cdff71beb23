import { readFile, readdir } from "node:fs/promises";

const tickMs = 10; // USER_HZ is 100 on Linux

/**
 * CPU that a process and all that it has started have used, ms: on a machine that does other things, too, it says more than the clock.
 * By Linux's /proc (proc_pid_stat(5)).
 */
export async function cpuTimeOf(root: number): Promise<number> {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // Gone meanwhile: its parent has its time.
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined) continue;
    // Fields from the third on; the second is a name in parentheses that may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    processes.set(Number(name), { parent: fields[1] ?? 0, ticks: utime + stime + cutime + cstime });
  }
  const within = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = processes.get(at)?.parent)
      if (at === root) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, { ticks: own }] of processes) if (within(pid)) ticks += own;
  return ticks * tickMs;
}
