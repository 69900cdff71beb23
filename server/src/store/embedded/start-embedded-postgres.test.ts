import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { childrenOf, query, startForTest, temporaryDirectory } from "../../../../test/support/embedded.ts";
import { inspectProcess } from "./pid-file.ts";

test("the first start creates the database and says so, the second one finds its data and is quick", async () => {
  const dataDir = join(await temporaryDirectory(), "new", "data");
  const first = await startForTest(dataDir);
  expect(first.messages).toContain(`creating the database in ${dataDir}/postgres`);
  expect(first.adopted).toBe(false);
  await query(first.url, "create table kept as select 42 as answer");
  await first.stop();

  const second = await startForTest(dataDir);
  expect(second.messages).toEqual([]);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("it is UTF-8 with PostgreSQL's own collation, checks its pages, and is durable unless told otherwise", async () => {
  const server = await startForTest(await temporaryDirectory(), { settings: {} });
  const [settings] = await query(
    server.url,
    `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
            current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
            current_setting('listen_addresses') as addresses, datlocprovider as provider, datlocale as locale
       from pg_database where datname = current_database()`,
  );
  expect(settings).toEqual({
    encoding: "UTF8",
    checksums: "on",
    fsync: "on",
    commit: "on",
    addresses: "",
    provider: "b",
    locale: "C.UTF-8",
  });
});

test("stopping leaves no process, no socket and no pid file", async () => {
  const dataDir = await temporaryDirectory();
  const server = await startForTest(dataDir);
  // It answers before it has begun all of its processes.
  await expect.poll(async () => (await childrenOf(server.pid)).length).toBeGreaterThan(2);
  const processes = [server.pid, ...(await childrenOf(server.pid))];
  await server.stop();
  expect(await Promise.all(processes.map(inspectProcess))).toEqual(processes.map(() => "dead"));
  await expect(stat(server.connection.host)).rejects.toThrow("ENOENT");
  expect(await readdir(join(dataDir, "postgres"))).not.toContain("postmaster.pid");
  await expect(server.stop()).resolves.toBeUndefined();
});

test("an open transaction does not keep it from stopping", async () => {
  const server = await startForTest(await temporaryDirectory());
  const hanging = query(server.url, "select pg_sleep(600)").catch((error: unknown) => error);
  await expect
    .poll(() => query(server.url, "select 1 from pg_stat_activity where query like '%sleep(600)' limit 2"))
    .not.toEqual([]);
  const before = performance.now();
  await server.stop();
  // A shutdown that waited for it would take ten minutes.
  expect(performance.now() - before).toBeLessThan(200_000);
  expect(await hanging).toBeInstanceOf(Error);
});

test("nobody but its owner may enter the socket's directory", async () => {
  const server = await startForTest(await temporaryDirectory());
  const { mode } = await stat(server.connection.host);
  expect(mode & 0o777).toBe(0o700);
});

test("a data directory far longer than a socket's path may be works", async () => {
  const dataDir = join(
    await temporaryDirectory(),
    "a-rather-long-name-".repeat(10),
    "and-another-one-".repeat(8),
  );
  const server = await startForTest(dataDir);
  expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a cluster of another major version is refused with a way out, and left as it was", async () => {
  const dataDir = await temporaryDirectory();
  await mkdir(join(dataDir, "postgres"));
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  await expect(startForTest(dataDir)).rejects.toThrow(
    /PostgreSQL 17.*PostgreSQL 18.*asktell backup.*asktell restore/,
  );
  expect(await readFile(join(dataDir, "postgres", "PG_VERSION"), "utf8")).toBe("17\n");
});

test("a first start that was killed half way is begun anew", async () => {
  const dataDir = await temporaryDirectory();
  // A process id above the kernel's limit, so nobody's.
  const leftover = join(dataDir, "postgres.new-4194999");
  await mkdir(leftover);
  await writeFile(join(leftover, "PG_VERSION"), "18\n");
  await startForTest(dataDir);
  expect(await readdir(dirname(leftover))).not.toContain("postgres.new-4194999");
});

test("settings of the caller win, and what the server says about a wrong one is in the error", async () => {
  const server = await startForTest(await temporaryDirectory(), {
    settings: { fsync: "off", work_mem: "7MB" },
  });
  expect(await query(server.url, "show work_mem")).toEqual([{ work_mem: "7MB" }]);
  const wrong = startForTest(await temporaryDirectory(), {
    settings: { fsync: "off", no_such_setting: "1" },
  });
  await expect(wrong).rejects.toThrow('unrecognized configuration parameter "no_such_setting"');
});

test("a path that is a file, or lies in one, is said to be no data directory", async () => {
  const file = join(await temporaryDirectory(), "file");
  await writeFile(file, "");
  for (const dataDir of [file, join(file, "data")]) {
    await expect(startForTest(dataDir)).rejects.toThrow(`${dataDir} cannot be the data directory: `);
  }
});
