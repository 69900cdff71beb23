import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import type { TestServer } from "../support/server.ts";
import { type TestProvider, ada, startProvider } from "./support/provider.ts";
import {
  beginSignIn,
  callByCookie,
  sessionCookie,
  sessionState,
  startWithProvider,
} from "./support/sign-in.ts";
import { type WebClient, createWebClient } from "./support/web-client.ts";

/*
 * Two replicas on one database, known to their users by one address: what a proxy in front would make of the ports, the tests do.
 */
const database = useTestPostgres();
let provider: TestProvider;
let server: TestServer;
let replica: { readonly url: string };
let secondServer: TestServer;
let client: WebClient;

const env = () => ({
  DATABASE_URL: database.url,
  ASKTELL_LOG_LEVEL: "info",
  ASKTELL_OIDC_REFRESH: "1s",
  ASKTELL_SESSION_IDLE: "60s",
  ASKTELL_SESSION_LIFETIME: "1h",
  ASKTELL_OIDC_GROUP_ROLES: "physics/cms=default/editor,admins/=default/admin",
});

beforeAll(async () => {
  provider = await startProvider();
  server = await startWithProvider(provider, env());
  secondServer = await startWithProvider(provider, { ...env(), ASKTELL_PUBLIC_URL: server.url });
  // What it prints is the address for users.
  replica = { url: `http://127.0.0.1:${/"port":(\d+)/.exec(secondServer.log())?.[1]}` };
  if (replica.url === server.url) throw new Error("two replicas cannot have one port");
  provider.serve(server.url);
});
afterAll(async () => {
  await server?.stop();
  await secondServer?.stop();
  await provider?.close();
});
beforeEach(async () => {
  provider.accounts.set(ada.sub, ada);
  provider.visitor = ada;
  client = createWebClient();
  await client.follow(`${server.url}/login`);
});

async function query(text: string): Promise<Record<string, unknown>[]> {
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  const { rows } = await connection.query<Record<string, unknown>>(text);
  await connection.end();
  return rows;
}

/** By the session's cookie, at any of the replicas, as a page at the public address. */
async function call(
  at: { readonly url: string },
  method: string,
  body: object = {},
  of = client,
): Promise<Response> {
  return fetch(`${at.url}/asktell.v1.${method}`, {
    method: "POST",
    headers: {
      cookie: sessionCookie(of, server.url)?.join("=") ?? "",
      origin: server.url,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
}

const statusAt = async (at: { readonly url: string }) => (await call(at, "StudyService/ListStudies")).status;

test("a session is good at every replica, and ended at one it is refused at all within 5 seconds", async () => {
  expect([await statusAt(server), await statusAt(replica)]).toEqual([200, 200]);
  const cookie = sessionCookie(client, server.url)?.join("=") ?? "";
  await fetch(`${server.url}/logout`, { method: "POST", headers: { cookie, origin: server.url } });
  const ended = performance.now();
  expect(await statusAt(server)).toBe(401);
  // The other one was asked a moment ago, and may remember. A call that began in time may be answered later, on a busy machine.
  for (let begun = ended; (await statusAt(replica)) === 200; begun = performance.now())
    expect(begun - ended).toBeLessThan(5_000);
  expect(await statusAt(replica)).toBe(401);
});

test("a session ends a while after its last use", async () => {
  expect(await statusAt(server)).toBe(200);
  await query("update session set seen_at = seen_at - interval '61 seconds'");
  await expect.poll(() => statusAt(replica)).toBe(401);
  expect(await (await call(replica, "StudyService/ListStudies")).text()).toContain(
    "Your session has ended. Sign in again.",
  );
});

test("a session in use goes on beyond the idle time, and what is noted of it keeps up", async () => {
  const newest = async () =>
    Number(
      (await query("select min(extract(epoch from now() - seen_at)) as seconds from session"))[0]?.[
        "seconds"
      ],
    );
  // Each time most of its end passes; without the first use being noted, the other replica would refuse it.
  for (const at of [server, replica]) {
    await query("update session set seen_at = seen_at - interval '40 seconds'");
    expect(await statusAt(at)).toBe(200);
    // Behind the answer.
    await expect.poll(newest).toBeLessThan(35);
  }
});

test("a session ends at its time, however much it is used", async () => {
  await query("update session set expires_at = now() + interval '2 seconds'");
  await expect.poll(() => statusAt(server)).toBe(401);
  expect(await statusAt(replica)).toBe(401);
});

test("somebody whom the provider no longer knows is out", async () => {
  provider.accounts.delete(ada.sub);
  await expect.poll(() => statusAt(server)).toBe(401);
  await expect.poll(() => server.log()).toContain("no longer vouches for it");
});

test("a provider that is away for a while ends no session", async () => {
  await provider.close();
  try {
    const end = performance.now() + 4_000;
    while (performance.now() < end) {
      expect(await statusAt(server)).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await provider.listen();
  }
  expect(await statusAt(server)).toBe(200);
});

test("groups are roles: an editor creates studies in the project and makes no tokens there", async () => {
  const study = { objectives: [{ name: "loss" }], parameters: [{ name: "lr", real: { low: 0, high: 1 } }] };
  const create = await call(server, "StudyService/CreateStudy", {
    parent: "projects/default",
    studyId: "of-an-editor",
    study,
  });
  expect(create.status).toBe(200);
  const tokens = await call(server, "TokenService/ListTokens", { parent: "projects/default" });
  expect([tokens.status, await tokens.text()]).toEqual([403, expect.stringContaining("ROLE")]);
});

test("a person has a project of their own from the first sign-in on, and is admin there", async () => {
  const list = await call(server, "ProjectService/ListProjects");
  const { projects } = (await list.json()) as { projects: { name: string }[] };
  expect(projects.map(({ name }) => name).toSorted()).toEqual(["projects/ada", "projects/default"]);
  const made = await call(server, "TokenService/CreateToken", { token: { displayName: "mine" } });
  expect(made.status).toBe(200);
});

test("a change of groups reaches a signed-in person by the next refresh, up and down", async () => {
  const canList = async () =>
    (await call(server, "TokenService/ListTokens", { parent: "projects/default" })).status;
  expect(await canList()).toBe(403);
  provider.accounts.set(ada.sub, { ...ada, groups: ["admins/hpo"] });
  await expect.poll(canList).toBe(200);
  provider.accounts.set(ada.sub, { ...ada, groups: [] });
  // No member at all: what belongs to others does not exist for her.
  await expect.poll(canList).toBe(404);
});

test("two people of one name at the provider are two, by their subjects", async () => {
  const other = createWebClient();
  const twin = { ...ada, sub: "9999", groups: [] };
  provider.accounts.set(twin.sub, twin);
  provider.visitor = twin;
  await other.follow(`${server.url}/login`);
  expect((await sessionState(other, server.url)).user?.name).toBe("Ada Lovelace");
  const list = await call(server, "ProjectService/ListProjects", {}, other);
  expect(await list.text()).toContain('"projects/ada-2"');
});

test("a sign-in may begin at one replica and end at another", async () => {
  const other = createWebClient();
  const returned = new URL(await beginSignIn(other, server.url));
  const cookie = [...other.cookiesOf(server.url)].map((pair) => pair.join("=")).join("; ");
  const response = await fetch(replica.url + returned.pathname + returned.search, {
    headers: { cookie },
    redirect: "manual",
  });
  expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
  expect(response.headers.getSetCookie()[0]).toMatch(/^asktell-[0-9a-f]{8}=[\w-]{43};/);
});

test("a watch ends soon after the session that it was begun with", async () => {
  const study = { objectives: [{ name: "loss" }], parameters: [{ name: "lr", real: { low: 0, high: 1 } }] };
  await call(server, "StudyService/CreateStudy", { studyId: "watched", study });
  const body = Buffer.from(JSON.stringify({ study: "watched" }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  const watch = await fetch(`${server.url}/asktell.v1.StudyService/WatchStudy`, {
    method: "POST",
    headers: {
      cookie: sessionCookie(client, server.url)?.join("=") ?? "",
      origin: server.url,
      "content-type": "application/connect+json",
    },
    body: Buffer.concat([prefix, body]),
  });
  expect(watch.status).toBe(200);
  const text = watch.text();
  await callByCookie(client, server.url, "StudyService/ListStudies");
  await client.fetch(`${server.url}/logout`, { method: "POST", headers: { origin: server.url } });
  expect(await text).toContain("SESSION_ENDED");
});
