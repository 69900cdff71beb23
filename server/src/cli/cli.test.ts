import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { type Outcome, runProgram, serveProgram as serve } from "../../../test/support/program.ts";
import { createSecret, secretPattern } from "../identity/secret.ts";
import { version } from "./version.ts";

// Each test starts processes, on machines that may be busy.
const bin = fileURLToPath(new URL("../../bin/asktell.js", import.meta.url));
const database = useTestPostgres();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "asktell-cli-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** By default on the test's own database. */
function run(args: string[], env: NodeJS.ProcessEnv = { DATABASE_URL: database.url }): Promise<Outcome> {
  return runProgram(args, env);
}

test("token create prints the token alone; list shows it without its secret; revoke ends it", async () => {
  const created = await run(["token", "create", "--name", "node 7", "--scopes", "read,work", "--days", "3"]);
  expect(created).toMatchObject({ code: 0, stderr: "" });
  const secret = created.stdout.slice(0, -1);
  expect(secret).toMatch(secretPattern);

  const listed = await run(["token", "list", "--json"]);
  const [token] = listed.stdout
    .split("\n")
    .map((line) => (line === "" ? {} : JSON.parse(line)) as { id: number });
  expect(token).toMatchObject({ displayName: "node 7", scope: "work", hint: secret.slice(0, 8) });
  expect(listed.stdout).not.toContain(secret);

  expect(await run(["token", "revoke", String(token?.id)])).toMatchObject({ code: 0, stdout: "" });
  expect((await run(["token", "list"])).stdout).toMatch(/node 7 +work +at_\w{5}… +revoked/);
});

/** Somebody who has signed in at a provider; the user's number. */
async function addPerson(pool: Pool, name: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into app_user (issuer, subject, email, email_verified, display_name)
     values ('https://id.example', $1, $1 || '@example.org', true, $1) returning id`,
    [name],
  );
  return String(rows[0]?.id);
}

/** What the audit log has of some commands: project, command, target and outcome. */
async function auditRows(pool: Pool, commands: string): Promise<string[]> {
  const { rows } = await pool.query<{ row: string }>(
    `select concat_ws(' ', p.name, a.method, a.target, a.outcome) as row
     from audit_entry a join project p on p.id = a.project_id where a.method like 'asktell ' || $1 || '%' order by a.id`,
    [commands],
  );
  return rows.map(({ row }) => row);
}

const manyCommands = { timeout: 900_000 };

test(
  "tokens and studies of another project than the default are listed, revoked and exported by its name",
  manyCommands,
  async () => {
    await run(["project", "create", "optics"]);
    await run(["token", "create", "--name", "beam", "--project", "optics"]);
    expect((await run(["token", "list"])).stdout).not.toContain("beam");
    const [token] = (await run(["token", "list", "--project", "optics", "--json"])).stdout.split("\n");
    const { id } = JSON.parse(token ?? "") as { id: number };
    expect(await run(["token", "revoke", String(id)])).toMatchObject({ code: 1 });
    expect(await run(["token", "revoke", String(id), "--project", "optics"])).toMatchObject({ code: 0 });
    expect((await run(["token", "list", "--project", "optics"])).stdout).toMatch(/beam .* revoked/);
    expect((await run(["study", "list", "--project", "optics"])).stdout).toMatch(/^NAME/);
    for (const command of [
      ["study", "list"],
      ["study", "export", "x"],
      ["token", "list"],
    ]) {
      expect(await run([...command, "--project", "nowhere"])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no project "nowhere"') as string,
      });
    }
  },
);

test(
  "projects and their members are made, listed and removed, and the audit log says so",
  manyCommands,
  async () => {
    const made = await run(["project", "create", "lab", "--title", "Laboratory"]);
    expect(made).toMatchObject({ code: 0, stdout: "", stderr: "The project lab is made.\n" });
    const listed = (await run(["project", "list"])).stdout;
    expect(listed).toMatch(/^NAME +TITLE +OWN OF +CREATED\n/);
    expect(listed).toMatch(/^default /m);
    expect(listed).toMatch(/^lab +Laboratory +20/m);
    const pool = new Pool({ connectionString: database.url, max: 1 });
    onTestFinished(() => pool.end());
    const id = await addPerson(pool, "ada");
    const added = await run(["project", "member", "add", "lab", "Ada@Example.org", "--role", "admin"]);
    expect(added).toMatchObject({ code: 0, stderr: "ada is admin of lab.\n" });
    const members = (await run(["project", "member", "list", "lab", "--json"])).stdout;
    expect(JSON.parse(members)).toMatchObject({
      userId: Number(id),
      email: "ada@example.org",
      role: "admin",
    });
    const last = await run(["project", "member", "remove", "lab", id]);
    expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining("no admin left") as string });
    await run(["project", "create", "office", "--admin", id]);
    expect((await run(["project", "member", "list", "office"])).stdout).toMatch(
      /ada +ada@example.org +admin/,
    );
    expect((await auditRows(pool, "project")).slice(-4)).toEqual([
      "default asktell project create projects/lab ok",
      "lab asktell project member add projects/lab/members/Ada@Example.org ok",
      `lab asktell project member remove projects/lab/members/${id} failed`,
      "default asktell project create projects/office ok",
    ]);
  },
);

test(
  "a person's sessions are listed and ended, one or all, and the audit log says so",
  manyCommands,
  async () => {
    await run(["migrate"]);
    const pool = new Pool({ connectionString: database.url, max: 1 });
    onTestFinished(() => pool.end());
    const id = await addPerson(pool, "grace");
    await pool.query(
      `insert into session (user_id, hash, method, address, user_agent, expires_at)
     select $1, sha256(n::text::bytea), 'link', '127.0.0.1', 'Browser' || chr(27) || n, now() + interval '1 hour' from generate_series(1, 3) n`,
      [id],
    );
    const sessions = (await run(["session", "list", "grace@example.org"])).stdout;
    // A browser's own text cannot steer the terminal.
    expect(sessions).toMatch(/link +127\.0\.0\.1 .*Browser\?3$/m);
    expect(sessions.trim().split("\n")).toHaveLength(4);
    const one = /^(\d+) /m.exec(sessions)?.[1] ?? "";
    expect((await run(["session", "revoke", id, "--id", one])).stderr).toBe(
      `1 session of user ${id} ended.\n`,
    );
    expect(await run(["session", "revoke", id, "--id", one])).toMatchObject({ code: 1 });
    expect((await run(["session", "revoke", "grace@example.org"])).stderr).toBe(
      `2 sessions of user ${id} ended.\n`,
    );
    expect((await run(["session", "list", id, "--json"])).stdout).toBe("");
    expect(await auditRows(pool, "session")).toEqual([
      `default asktell session revoke users/${id}/sessions/${one} ok`,
      `default asktell session revoke users/${id}/sessions/${one} ok`,
      `default asktell session revoke users/${id}/sessions ok`,
    ]);
  },
);

test("study list of a new database is an empty table", async () => {
  expect(await run(["study", "list"])).toMatchObject({
    code: 0,
    stdout: "NAME  STATE  TRIALS  RUNNING  BEST  CREATED\n",
  });
});

test("study list and study export show a study that a worker has filled", async () => {
  const server = await serve([], { DATABASE_URL: database.url });
  const token = (await run(["token", "create", "--name", "owner", "--scopes", "manage"])).stdout.trim();
  const call = async (method: string, body: object) => {
    const url = `${server.url}/t/${token}/asktell.v1.${method}`;
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
  };
  const parameters = [{ name: "lr", real: { low: 0, high: 1 } }];
  const study = { maxTrials: 5, parameters, objectives: [{ name: "loss" }] };
  await call("StudyService/CreateStudy", { studyId: "mnist", study });
  await call("TrialService/AskTrials", { study: "mnist" });
  await call("TrialService/TellTrial", { trial: "mnist/trials/0", values: [0.25] });
  expect(await server.stop()).toBe(0);

  expect((await run(["study", "list"])).stdout).toMatch(/mnist +active +1 of 5 +0 +0.25 \(trial 0\)/);
  const { stdout } = await run(["study", "export", "mnist"]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([
    { spec: { version: 1, study: { maxTrials: 5 } } },
    { trial: { name: "projects/default/studies/mnist/trials/0", number: 0, values: [0.25] } },
  ]);
  expect(await run(["study", "export", "minst"])).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining('"minst"') as unknown,
  });
});

test("a server that is asked to stop answers the calls under way, and ends streams for another replica", async () => {
  const server = await serve([], { DATABASE_URL: database.url });
  const token = (await run(["token", "create", "--name", "waiter", "--scopes", "manage"])).stdout.trim();
  const post = (method: string, type: string, body: Uint8Array<ArrayBuffer> | string) =>
    fetch(`${server.url}/t/${token}/asktell.v1.${method}`, {
      method: "POST",
      headers: { "content-type": type },
      body,
    });
  const json = (method: string, body: object) => post(method, "application/json", JSON.stringify(body));
  const parameters = [{ name: "x", real: { low: 0, high: 1 } }];
  await json("StudyService/CreateStudy", {
    studyId: "waits",
    study: { maxRunning: 1, parameters, objectives: [{ name: "y" }] },
  });
  await json("TrialService/AskTrials", { study: "waits" });
  const waiting = json("TrialService/AskTrials", { study: "waits", maxWait: "60s" });
  const message = Buffer.from(JSON.stringify({ study: "waits" }));
  const envelope = new Uint8Array(5 + message.length);
  new DataView(envelope.buffer).setUint32(1, message.length);
  envelope.set(message, 5);
  const watching = await post("StudyService/WatchStudy", "application/connect+json", envelope);
  const watched = watching.text();

  const begin = performance.now();
  const stopped = server.stop();
  expect((await waiting).status).toBe(200);
  expect(await watched).toContain('"code":"unavailable"');
  expect(await stopped).toBe(0);
  // It waits for no call's own time, of which most of a minute was left.
  expect(performance.now() - begin).toBeLessThan(50_000);
});

test("migrate says what it ran, and that nothing is left", async () => {
  await run(["migrate"]);
  expect((await run(["migrate"])).stdout).toBe("The schema is up to date.\n");
});

test("the version is that of the package, through the installed program too", async () => {
  expect((await run(["version"])).stdout).toContain(`asktell ${version} `);
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, [bin, "--version"], (_error, stdout) => resolve(stdout));
  expect(await promise).toBe(`${version}\n`);
});

test.each([
  [["token", "create", "--name", ""], "the token.display_name has 0 characters; accepted are 1 to 100"],
  [["token", "revoke", "999999"], "This project has no token 999999."],
  [["project", "create", "../lab"], '"../lab" is no name of a project'],
  [["project", "create", "default"], 'the name "default" is taken'],
  [
    ["project", "create", "nobodys", "--admin", "nobody@example.org"],
    'nobody who has signed in is "nobody@example.org"',
  ],
  [["project", "member", "list", "nowhere"], 'There is no project "nowhere".'],
  [
    ["project", "member", "add", "default", "1", "--role", "king"],
    "Allowed choices are viewer, worker, editor, admin.",
  ],
  [["session", "revoke", "999999"], 'nobody who has signed in is "999999"'],
  [["serve", "--port", "80a"], '--port: "80a" is not accepted; accepted is an integer from 0 to 65535.'],
  [["serve", "--host", "0.0.0.0"], "Refusing to listen on 0.0.0.0 without TLS"],
  [["serve", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"], "tls-cert: /nowhere cannot be read"],
  [["restore", "/nowhere.tar.gz"], "/nowhere.tar.gz cannot be read: ENOENT"],
  [["study", "replay", "/nowhere.jsonl"], "The export /nowhere.jsonl cannot be read: ENOENT"],
])("%j fails with a sentence that helps", async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

test("an unknown variable is refused with the name that was meant", async () => {
  const { code, stderr } = await run(["version"], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const wrong = await run(["migrate"], { DATABASE_URL: database.url, ASKTELL_DATADIR: "/x" });
  expect(wrong).toMatchObject({
    code: 1,
    stderr: "asktell: ASKTELL_DATADIR: there is no such variable. Did you mean ASKTELL_DATA_DIR?\n",
  });
});

test("a database that cannot be reached is named, without its password", async () => {
  const { code, stderr } = await run(["migrate"], { DATABASE_URL: "postgresql://me:hunter2@127.0.0.1:1/x" });
  expect(code).toBe(1);
  expect(stderr).toContain('Cannot use the database "x" at 127.0.0.1:1 as user "me"');
  expect(stderr).not.toContain("hunter2");
});

test("a port that is taken is named", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const address = blocker.address();
  const port = String(typeof address === "object" ? address?.port : "");
  const { code, stderr } = await run(["serve", "--port", port]);
  blocker.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use`);
});

test("a server on its own database: first start, commands beside it, stop, second start", async () => {
  const dataDir = join(directory, "data");
  const own = ["--data-dir", dataDir];
  const first = await serve(own);
  expect(first.stdout).toContain(`data       ${dataDir}`);
  const secret = /at_\w{49}/.exec(first.stdout)?.[0] ?? "";
  expect(secret).toMatch(secretPattern);
  expect(first.stdout).toContain("curl ");
  expect(first.log()).not.toContain(secret);
  const readiness = async () => (await fetch(`${first.url}/readyz`)).json() as Promise<unknown>;
  // It answers that it is not if the database takes more than a second, as it may on a busy machine.
  await expect.poll(readiness).toEqual({ status: "ready" });

  const created = await run(["token", "create", "--name", "beside", ...own], {});
  expect(created.stdout.trim()).toMatch(secretPattern);
  const archive = join(directory, "backup.tar.gz");
  expect((await run(["backup", archive, ...own], {})).code).toBe(0);
  await expect.poll(readiness).toEqual({ status: "ready" });

  expect(await first.stop("SIGINT")).toBe(0);
  expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);

  const second = await serve(own);
  expect(second.stdout).not.toMatch(/at_\w{49}/);
  expect(await second.stop("SIGTERM")).toBe(0);

  const copy = ["--data-dir", join(directory, "copy")];
  expect((await run(["restore", archive, ...copy], {})).stderr).toMatch(/^Restored .* as it was at 20/);
  const names = (await run(["token", "list", ...copy], {})).stdout;
  expect(names).toMatch(/beside[^]*first start/);
  expect(existsSync(join(directory, "copy", "postgres", "postmaster.pid"))).toBe(false);
});

test.each([
  ["token", "create", "--name", "lost"],
  ["token", "list"],
  ["study", "list"],
  ["login-link"],
  ["backup", "nothing.tar.gz"],
])("where there is no database, none is made by %s %s", async (...words) => {
  const nowhere = join(directory, "mistyped");
  expect(await run([...words, "--data-dir", nowhere], {})).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `asktell: There is no database in ${nowhere}: give the --data-dir or --database-url of the server, or start it first.\n`,
  });
  expect(existsSync(nowhere)).toBe(false);
});

test("settings come from a file, and logs are JSON on standard error", async () => {
  const config = join(directory, "asktell.yaml");
  await writeFile(config, `database-url: ${database.url}\nlog-level: debug\nlog-format: json\n`);
  const server = await serve(["--config", config]);
  const unknown = createSecret();
  await fetch(`${server.url}/t/${unknown}/nowhere`);
  expect(await server.stop()).toBe(0);
  const entries = server
    .log()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string });
  expect(entries.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "request", "stopped"]));
  expect(server.log()).not.toContain(unknown);
});

test("a server that cannot make its sign-in link serves all the same, says so, and stops when asked", async () => {
  await run(["migrate"]);
  const pool = new Pool({ connectionString: database.url, max: 1 });
  await pool.query("alter table login_link rename to login_link_away");
  onTestFinished(async () => {
    await pool.query("alter table login_link_away rename to login_link");
    await pool.end();
  });
  const server = await serve([], { DATABASE_URL: database.url });
  expect(server.stdout).not.toContain("sign in");
  await expect.poll(() => server.log()).toContain("asktell login-link");
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await server.stop()).toBe(0);
});
