import pg from "pg";
import { expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { runProgram, serveProgram } from "../support/program.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { callByCookie, sessionState } from "./support/sign-in.ts";
import { type WebClient, createWebClient } from "./support/web-client.ts";

const database = useTestPostgres();
const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));

async function newCode(): Promise<string> {
  const link = await server.run(["login-link", "--port", new URL(server.url).port]);
  expect(link).toMatch(new RegExp(`^${server.url}/#login=[\\w-]{43}$`));
  return link.split("=")[1] ?? "";
}

const redeem = (
  client: WebClient,
  code: unknown,
  headers: Record<string, string> = {},
  url = server.url,
): Promise<Response> =>
  client.fetch(`${url}/login/link`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json", ...headers },
    body: JSON.stringify({ code }),
  });

test("the link that the server prints at its start signs a browser in, which then needs no token", async () => {
  const code = /#login=([\w-]{43})$/m.exec(server.log())?.[1];
  const client = createWebClient();
  const response = await redeem(client, code);
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
  expect((await sessionState(client, server.url)).user).toEqual({
    name: "Owner of this server",
    email: "",
    method: "link",
  });
  const study = { objectives: [{ name: "loss" }], parameters: [{ name: "lr", real: { low: 0, high: 1 } }] };
  const create = await callByCookie(client, server.url, "StudyService/CreateStudy", { studyId: "s", study });
  expect(((await create.json()) as { study: { name: string } }).study.name).toBe(
    "projects/default/studies/s",
  );
  const tokens = await callByCookie(client, server.url, "TokenService/ListTokens");
  expect(await tokens.text()).toContain("first start");
});

test("a link works once", async () => {
  const code = await newCode();
  expect((await redeem(createWebClient(), code)).status).toBe(200);
  const again = await redeem(createWebClient(), code);
  expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
  expect(await again.text()).toContain("npx asktell login-link");
});

test("each sign-in leaves a row in the log of the default project, and so does each that is refused", async () => {
  const code = await newCode();
  const client = createWebClient();
  await redeem(client, code);
  await redeem(createWebClient(), code);
  const list = async (filter: object) => {
    const answer = await callByCookie(client, server.url, "ProjectService/ListAuditEntries", {
      parent: "projects/default",
      pageSize: 2,
      ...filter,
    });
    return ((await answer.json()) as { entries: object[] }).entries;
  };
  const row = { method: "sign-in/link", address: "127.0.0.1" };
  const refused = { ...row, actor: "browser", actorName: "", target: "", outcome: "refused" };
  const entered = {
    ...row,
    actor: "users/1",
    actorName: "Owner of this server",
    target: "users/1",
    outcome: "ok",
  };
  expect(await list({})).toMatchObject([refused, entered]);
  expect(await list({ actor: "browser", pageSize: 1 })).toMatchObject([refused]);
  expect(await list({ method: "link", outcome: "ok", pageSize: 1 })).toMatchObject([entered]);
});

test("of many who open a link at once, one is signed in", async () => {
  const code = await newCode();
  const all = await Promise.all(Array.from({ length: 20 }, () => redeem(createWebClient(), code)));
  const statuses = all.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 401)).toHaveLength(19);
});

test("a link works for ten minutes", async () => {
  const code = await newCode();
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  const { rows } = await connection.query<{ seconds: number; row: string }>(
    `select extract(epoch from expires_at - created_at)::float8 as seconds, to_jsonb(l)::text as row from login_link l
     order by created_at desc limit 1`,
  );
  expect(rows[0]?.seconds).toBeCloseTo(600, 0);
  expect(rows[0]?.row).not.toContain(code);
  await connection.query("update login_link set expires_at = now()");
  await connection.end();
  expect((await redeem(createWebClient(), code)).status).toBe(401);
});

test.each(["", "x", 7, null, "a".repeat(43), { a: 1 }])("the code %j is refused", async (code) => {
  const response = await redeem(createWebClient(), code);
  expect([400, 401]).toContain(response.status);
  expect(response.headers.getSetCookie()).toEqual([]);
});

test("another site's page cannot sign a browser in", async () => {
  const code = await newCode();
  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { origin: "" }] as const)
    expect((await redeem(createWebClient(), code, headers)).status).toBe(403);
  const form = await redeem(createWebClient(), code, { "content-type": "text/plain" });
  expect(form.status).toBe(415);
  expect((await redeem(createWebClient(), code)).status).toBe(200);
});

test("a body that is too large or no JSON is refused in words", async () => {
  const send = (body: string) =>
    createWebClient().fetch(`${server.url}/login/link`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/json" },
      body,
    });
  expect((await send("x".repeat(5_000))).status).toBe(413);
  expect((await send("{")).status).toBe(400);
});

test("links can be switched off, or be taken from anywhere", async () => {
  const off = await serveProgram(["--login-link", "off"], { DATABASE_URL: database.url });
  expect(off.stdout).not.toContain("#login=");
  const code = await newCode();
  expect((await redeem(createWebClient(), code, {}, off.url)).status).toBe(403);
  await off.stop();

  const anywhere = await serveProgram(["--login-link", "anywhere"], { DATABASE_URL: database.url });
  const forwarded = { "x-forwarded-for": "203.0.113.9" };
  expect((await redeem(createWebClient(), code, forwarded)).status).toBe(403);
  expect((await redeem(createWebClient(), code, forwarded, anywhere.url)).status).toBe(200);
  await anywhere.stop();
});

test("the command prints the link and nothing else", async () => {
  const { code, stdout } = await runProgram(["login-link"], { DATABASE_URL: database.url });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:8080\/#login=[\w-]{43}\n$/);
});

test("the command that a server prints for another link makes one for that very server", async () => {
  const env = { DATABASE_URL: database.url };
  const served = await serveProgram(["--host", "127.0.0.1", "--log-format", "text"], env);
  const [, words = ""] = /another: npx asktell (.*)$/m.exec(served.stdout) ?? [];
  expect(words).toBe(`login-link --host 127.0.0.1 --port ${new URL(served.url).port}`);
  const { stdout } = await runProgram(words.split(" "), env);
  expect(stdout.split("#")[0]).toBe(`${served.url}/`);
  const code = stdout.trim().split("#login=")[1];
  expect((await redeem(createWebClient(), code, {}, served.url)).status).toBe(200);
  await served.stop();
});

test("without a provider, the address of a sign-in leads to the page that explains", async () => {
  const client = createWebClient();
  const { urls } = await client.follow(`${server.url}/login?next=/new`);
  expect(urls.at(-1)).toBe(`${server.url}/new`);
  const state = await sessionState(client, server.url);
  expect(state).toMatchObject({ provider: null, links: true, user: null });
  const callback = await client.fetch(`${server.url}/login/callback?code=x&state=y`);
  expect(callback.status).toBe(400);
  expect(await callback.text()).toContain("This sign-in cannot be used");
});

test("somebody who tries many codes is told to wait", async () => {
  let refused: Response | undefined;
  // All at once, since a minute is soon over on a busy machine; and again, should a minute end in between.
  for (let burst = 0; burst < 5 && refused === undefined; burst++) {
    const tries = Array.from({ length: 70 }, () => redeem(createWebClient(), "a".repeat(43)));
    refused = (await Promise.all(tries)).find(({ status }) => status !== 401);
  }
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused?.text()).toContain("60 a minute are allowed");
});
