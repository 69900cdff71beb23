import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  query,
  startForTest,
  startInOtherProcess,
  temporaryDirectory,
} from "../../../../test/support/embedded.ts";
import { closePool, createPool } from "../pool.ts";
import { withRetry } from "../retry.ts";
import { inspectProcess } from "./pid-file.ts";

test("a server whose Node process was killed is taken over with all that was committed", async () => {
  const dataDir = await temporaryDirectory();
  const killed = await startInOtherProcess(dataDir);
  await query(killed.url, "create table kept as select 1 as id");
  await killed.kill();
  expect(await inspectProcess(killed.serverPid)).toBe("postgres");

  const next = await startForTest(dataDir);
  expect(next.adopted).toBe(true);
  expect(next.pid).toBe(killed.serverPid);
  expect(await query(next.url, "select id from kept")).toEqual([{ id: 1 }]);
  await next.stop();
  expect(await inspectProcess(killed.serverPid)).toBe("dead");
});

test("Ctrl-C in the terminal does not reach the server, which is stopped when the requests are drained", async () => {
  const dataDir = await temporaryDirectory();
  const interrupted = await startInOtherProcess(dataDir);
  await interrupted.interrupt();
  expect(await query(interrupted.url, "select 1 as one")).toEqual([{ one: 1 }]);
  const next = await startForTest(dataDir);
  expect(next.adopted).toBe(true);
});

test("of two processes on one directory the last to leave stops the server", async () => {
  const dataDir = await temporaryDirectory();
  const first = await startInOtherProcess(dataDir);
  const second = await startForTest(dataDir);
  expect(second.adopted).toBe(true);
  expect(second.pid).toBe(first.serverPid);
  await first.stop();
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  await second.stop();
  expect(await inspectProcess(first.serverPid)).toBe("dead");
});

test("three processes that start at once on an empty directory share one server and one database", async () => {
  const dataDir = await temporaryDirectory();
  const all = await Promise.all([1, 2, 3].map(() => startInOtherProcess(dataDir)));
  expect(new Set(all.map(({ serverPid }) => serverPid)).size).toBe(1);
  expect(all.filter(({ adopted }) => !adopted).length).toBe(1);
  for (const { url } of all) expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).sort()).toEqual(["postgres", "postgres.log"]);
  await Promise.all(all.map((one) => one.stop()));
  expect(await inspectProcess(all[0]?.serverPid ?? 0)).toBe("dead");
});

test("a server that is killed comes back by itself in the same place, its committed rows with it", async () => {
  const server = await startForTest(await temporaryDirectory(), { settings: {} });
  const killed = server.pid;
  await query(server.url, "create table kept as select 1 as id");
  process.kill(killed, "SIGKILL");
  await expect.poll(() => query(server.url, "select id from kept").catch(() => [])).toEqual([{ id: 1 }]);
  await expect.poll(() => server.pid).not.toBe(killed);
  expect(server.messages.join()).toContain(`was started again (process ${server.pid})`);
});

test("writers with a key go on through three kills of the server and lose or double nothing", async () => {
  const server = await startForTest(await temporaryDirectory(), { settings: {} });
  const pool = createPool(server.connection, { max: 8 });
  onTestFinished(async () => void (await closePool(pool)));
  await pool.query("create table told (key text primary key, writes int not null default 1)");
  const acknowledged: string[] = [];
  let writing = true;
  const writers = [0, 1, 2, 3, 4, 5, 6, 7].map(async (writer) => {
    for (let number = 0; writing; number++) {
      const key = `${writer}/${number}`;
      const tell = () => pool.query("insert into told (key) values ($1) on conflict do nothing", [key]);
      await withRetry(tell, { idempotent: true, deadlineMs: 120_000 });
      acknowledged.push(key);
    }
  });
  const goOn = async (): Promise<void> => {
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 30);
  };
  for (let kill = 0; kill < 3; kill++) {
    await goOn();
    const killed = server.pid;
    process.kill(killed, "SIGKILL");
    await expect.poll(() => server.pid).not.toBe(killed);
  }
  await goOn();
  writing = false;
  await Promise.all(writers);
  const { rows } = await pool.query<{ key: string }>("select key from told");
  expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(acknowledged));
});

test("a killed backend, which makes the server restart all of its processes, is survived as well", async () => {
  const server = await startForTest(await temporaryDirectory());
  const [row] = await query(
    server.url,
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  );
  process.kill(Number(row?.["pid"]), "SIGKILL");
  await expect.poll(() => query(server.url, "select 1 as one").catch(() => [])).toEqual([{ one: 1 }]);
  expect(await inspectProcess(server.pid)).toBe("postgres");
});

test("a pid file whose number went to another program does not keep the server from starting", async () => {
  const dataDir = await temporaryDirectory();
  const first = await startForTest(dataDir);
  const pidFile = join(dataDir, "postgres", "postmaster.pid");
  const lines = (await readFile(pidFile, "utf8")).split("\n");
  await first.stop();
  const sleeper = spawn("sleep", ["60"]);
  lines[0] = String(sleeper.pid);
  await writeFile(pidFile, lines.join("\n"));
  try {
    const second = await startForTest(dataDir);
    expect(second.adopted).toBe(false);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  } finally {
    const ended = once(sleeper, "exit");
    sleeper.kill();
    await ended;
  }
});
