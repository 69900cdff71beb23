import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type PostgresConnection, startEmbeddedPostgres } from "../../server/src/store/embedded/index.ts";

/** A PostgreSQL as in production, flushing every commit to disk, on a directory of its own. */
export interface DurablePostgres {
  readonly connection: PostgresConnection;
  readonly url: string;
  /** SIGKILLs the whole server, postmaster and children. It is started again; answers how long until it serves again, ms. */
  kill(): Promise<number>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

export async function startDurablePostgres(): Promise<DurablePostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), "asktell-chaos-"));
  const messages: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void messages.push(message) };
  const server = await startEmbeddedPostgres({ dataDir, log });
  const { connection, url } = server;
  return {
    connection,
    url,
    async kill() {
      const postmaster = server.pid;
      const children = await childrenOf(postmaster);
      const killedAt = performance.now();
      // The postmaster first, lest it start new children.
      for (const pid of [postmaster, ...children]) killNow(pid);
      for (;;) {
        if (server.pid !== postmaster && (await answers(connection))) return performance.now() - killedAt;
        if (performance.now() - killedAt > 60_000)
          throw new Error(`PostgreSQL did not come back:\n${messages.join("\n")}`);
        await sleep(25);
      }
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Process ids of the children, on Linux. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // A child that ended by itself in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function answers(connection: PostgresConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
