import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import pg from "pg";
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

const database = useTestPostgres();
let provider: TestProvider;
let server: TestServer;
let client: WebClient;

beforeAll(async () => {
  provider = await startProvider();
  server = await startWithProvider(provider, {
    ASKTELL_LOG_LEVEL: "debug",
    // More sign-ins from one address than people make in a minute.
    ASKTELL_LIMIT_FAILURES: "0",
    DATABASE_URL: database.url,
  });
});
afterAll(async () => {
  await server?.stop();
  await provider?.close();
});
beforeEach(() => {
  client = createWebClient();
  provider.visitor = ada;
});

async function query<Row extends object>(text: string): Promise<Row[]> {
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  try {
    return (await connection.query<Row>(text)).rows;
  } finally {
    await connection.end();
  }
}

/** Every address that a browser was sent to, and everything else that must stay between it and us. */
const secrets: string[] = [];

/** A page in words, without a session, a stack trace or a way to cache it. */
async function expectPage(response: Response, status: number, title: string): Promise<string> {
  const html = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html).toContain(`<h1>${title}</h1>`);
  expect(html).not.toMatch(/\bat \S+:\d+|Error\b|node_modules|undefined/);
  expect(sessionCookie(client, server.url)).toBeUndefined();
  expect((await sessionState(client, server.url)).user).toBeNull();
  return html;
}

describe("a sign-in at the identity provider", () => {
  test("goes there with PKCE, state and nonce, and comes back to the page that it began on", async () => {
    const next = "/projects/default/studies/mnist?chart=history";
    const begun = await client.fetch(`${server.url}/login?next=${encodeURIComponent(next)}`);
    expect(begun.status).toBe(303);
    const there = new URL(begun.headers.get("location") ?? "");
    expect(Object.fromEntries(there.searchParams)).toMatchObject({
      client_id: provider.clientId,
      redirect_uri: `${server.url}/login/callback`,
      response_type: "code",
      scope: "openid profile email",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
    });

    const { response, urls } = await client.follow(there.href);
    expect(urls.at(-1)).toBe(server.url + next);
    expect(response.status).toBe(200);
    secrets.push(...urls.filter((url) => url.includes("code=")));
    expect(await sessionState(client, server.url)).toEqual({
      provider: new URL(provider.issuer).host,
      links: false,
      ended: false,
      user: { name: "Ada Lovelace", email: "ada@example.org", method: "provider" },
      expireTime: expect.any(String) as string,
    });
    expect((await callByCookie(client, server.url, "StudyService/ListStudies")).status).toBe(200);
  });

  test("sets a cookie that scripts do not see and other sites do not send; the database has its hash", async () => {
    const returned = await beginSignIn(client, server.url);
    const response = await client.fetch(returned);
    const [header = ""] = response.headers.getSetCookie();
    expect(header).toMatch(/^asktell-[0-9a-f]{8}=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    const [, secret = ""] = sessionCookie(client, server.url) ?? [];
    secrets.push(secret, returned);
    const hash = createHash("sha256").update(secret).digest("hex");
    const rows = await query<{ row: string }>("select to_jsonb(s)::text as row from session s");
    expect(rows.filter(({ row }) => row.includes(hash))).toHaveLength(1);
    for (const { row } of rows) {
      expect(row).not.toContain(secret);
      // An ID token and a refresh token, in whatever notation, would begin so.
      expect(row).not.toMatch(/eyJ|refreshToken|65794a|72656672657368/);
    }
  });

  test("is a new session each time, whatever cookies the browser brought", async () => {
    await client.follow(`${server.url}/login`);
    const first = sessionCookie(client, server.url);
    const login = client.cookiesOf(server.url);
    await client.follow(`${server.url}/login`);
    const second = sessionCookie(client, server.url);
    expect(second?.[1]).not.toBe(first?.[1]);
    for (const [name, value] of login) if (name.includes("login")) expect(second?.[1]).not.toBe(value);

    // The one before has ended: a copy of its cookie opens nothing.
    const copy = createWebClient();
    const cookie = first?.join("=") ?? "";
    const state = await copy.fetch(`${server.url}/login/session`, { headers: { cookie } });
    expect(await state.json()).toMatchObject({ user: null, ended: true });
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "/login"])(
    "never leads on to %s",
    async (next) => {
      const { urls } = await client.follow(`${server.url}/login?next=${encodeURIComponent(next)}`);
      expect(urls.at(-1)).toBe(`${server.url}/`);
    },
  );

  test("begins at the address that the provider knows, whichever name of the server was used", async () => {
    const alias = server.url.replace("127.0.0.1", "localhost");
    const response = await client.fetch(`${alias}/login?next=/new`);
    expect(response.headers.get("location")).toBe(`${server.url}/login?here&next=%2Fnew`);
    const { urls } = await client.follow(`${alias}/login?next=/new`);
    expect(urls.at(-1)).toBe(`${server.url}/new`);
    expect((await sessionState(client, server.url)).user?.name).toBe("Ada Lovelace");
  });

  test("may be under way in several tabs at once", async () => {
    const [one, two] = [
      await beginSignIn(client, server.url, "/one"),
      await beginSignIn(client, server.url, "/two"),
    ];
    expect((await client.follow(one)).urls.at(-1)).toBe(`${server.url}/one`);
    expect((await client.follow(two)).urls.at(-1)).toBe(`${server.url}/two`);
  });
});

describe("a sign-in that must not be", () => {
  test("leaves a row in the audit log, whether somebody gets in or not", async () => {
    await client.follow(`${server.url}/login`);
    const returned = await beginSignIn(createWebClient(), server.url);
    await createWebClient().fetch(returned);
    provider.visitor = { error: "access_denied" };
    await createWebClient().follow(`${server.url}/login`);
    const rows = await query<{ row: string }>(
      `select concat_ws(' ', a.actor_kind, a.actor_name, a.method, a.outcome) as row
       from audit_entry a join project p on p.id = a.project_id where p.name = 'default' order by a.id desc limit 3`,
    );
    expect(rows.map(({ row }) => row)).toEqual([
      "browser  sign-in/provider denied",
      "browser  sign-in/provider refused",
      "user Ada Lovelace sign-in/provider ok",
    ]);
  });

  test("denied by the person ends on a page that says so", async () => {
    provider.visitor = { error: "access_denied" };
    const { response } = await client.follow(`${server.url}/login?next=/new`);
    const html = await expectPage(response, 403, "Sign-in cancelled");
    // Another try leads where this one would have.
    expect(html).toContain('href="/login?next=%2Fnew"');
  });

  test("denied for the provider's own reasons ends on another page", async () => {
    provider.visitor = { error: "temporarily_unavailable" };
    const { response } = await client.follow(`${server.url}/login`);
    await expectPage(response, 503, `${new URL(provider.issuer).host} does not answer`);
  });

  const change = (url: string, name: string, value: string | undefined): string => {
    const changed = new URL(url);
    if (value === undefined) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
    return changed.href;
  };

  test.each([
    ["another state", "state", "x".repeat(43)],
    ["no state", "state", undefined],
    ["another code", "code", "x".repeat(43)],
    ["no code", "code", undefined],
    ["the issuer of another provider", "iss", "https://evil.example"],
  ])("with %s is refused", async (_, name, value) => {
    const returned = await beginSignIn(client, server.url);
    const response = await client.fetch(change(returned, name, value));
    await expectPage(response, 400, "This sign-in cannot be used");
  });

  test("with another nonce is refused: the ID token is not for this sign-in", async () => {
    const begun = await client.fetch(`${server.url}/login`);
    const there = change(begun.headers.get("location") ?? "", "nonce", "x".repeat(43));
    const { response } = await client.follow(there);
    await expectPage(response, 400, "This sign-in cannot be used");
  });

  test("for which the provider was asked with another PKCE challenge is refused", async () => {
    const begun = await client.fetch(`${server.url}/login`);
    const there = change(begun.headers.get("location") ?? "", "code_challenge", "x".repeat(43));
    const { response } = await client.follow(there);
    await expectPage(response, 400, "This sign-in cannot be used");
  });

  test("in another browser than it began in is refused", async () => {
    const returned = await beginSignIn(client, server.url);
    client = createWebClient();
    await expectPage(await client.fetch(returned), 400, "This sign-in cannot be used");
  });

  test("a second time with the same address is refused", async () => {
    const returned = await beginSignIn(client, server.url);
    await (await client.fetch(returned)).body?.cancel();
    const [name = ""] = sessionCookie(client, server.url) ?? [];
    client.forget(name);
    await expectPage(await client.fetch(returned), 400, "This sign-in cannot be used");
  });

  test("with the code of another sign-in is refused", async () => {
    const other = createWebClient();
    const stolen = new URL(await beginSignIn(other, server.url)).searchParams.get("code") ?? "";
    const returned = await beginSignIn(client, server.url);
    await expectPage(
      await client.fetch(change(returned, "code", stolen)),
      400,
      "This sign-in cannot be used",
    );
  });

  test("with nothing, nonsense or a flood in the address is refused", async () => {
    const pages = [
      "",
      "?",
      "?code=x&state=y",
      "?error=access_denied",
      `?state=${"a".repeat(8_000)}`,
      "?%00=%ff",
    ];
    for (const query of pages) {
      const response = await client.fetch(`${server.url}/login/callback${query}`);
      await expectPage(response, 400, "This sign-in cannot be used");
    }
  });

  test("by another method than GET is refused", async () => {
    for (const path of ["/login", "/login/callback"]) {
      const response = await client.fetch(server.url + path, { method: "POST" });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
    }
  });
});

describe("a call by cookie", () => {
  beforeEach(async () => {
    await client.follow(`${server.url}/login`);
  });

  const list = (headers: Record<string, string>) =>
    callByCookie(client, server.url, "StudyService/ListStudies", {}, headers);

  test.each([
    ["from another site", { origin: "https://evil.example" }],
    ["from another port of this host", { origin: "http://127.0.0.1:1" }],
    ["from a sandboxed page or a file", { origin: "null" }],
    ["from this host without TLS or with it", { origin: "https://127.0.0.1" }],
    ["with no origin", { origin: "" }],
    ["with no origin, from the same site", { origin: "", "sec-fetch-site": "same-site" }],
  ])("%s is refused", async (_, headers) => {
    const response = await list(headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("CROSS_ORIGIN");
  });

  test("is taken under the loopback's other names, if the page has that name as well", async () => {
    const cookie = sessionCookie(client, server.url)?.join("=") ?? "";
    const alias = server.url.replace("127.0.0.1", "localhost");
    const response = await fetch(`${alias}/asktell.v1.StudyService/ListStudies`, {
      method: "POST",
      headers: { cookie, origin: alias, "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(200);
  });

  test("that shows a token as well counts as the token's, for good or ill", async () => {
    const good = await list({ authorization: `Bearer ${server.token}`, origin: "https://evil.example" });
    expect(good.status).toBe(200);
    const bad = await list({ authorization: `Bearer at_${"x".repeat(49)}` });
    expect(bad.status).toBe(401);
  });

  test("reads by GET only where the browser says that a page of ours asks, or a person", async () => {
    const query = "connect=v1&encoding=json&message=%7B%7D";
    const get = (relation: string) =>
      client.fetch(`${server.url}/asktell.v1.StudyService/ListStudies?${query}`, {
        headers: relation === "" ? {} : { "sec-fetch-site": relation },
      });
    expect((await get("same-origin")).status).toBe(200);
    expect((await get("none")).status).toBe(200);
    for (const relation of ["same-site", "cross-site", ""]) expect((await get(relation)).status).toBe(403);
  });

  test("cannot sign somebody out or end sessions from elsewhere", async () => {
    for (const path of ["/logout", "/login/sessions/revoke"]) {
      const response = await client.fetch(server.url + path, {
        method: "POST",
        headers: { origin: "http://127.0.0.1:1", "content-type": "application/json" },
        body: '{"all":true}',
      });
      expect(response.status).toBe(403);
    }
    expect((await list({})).status).toBe(200);
  });
});

describe("signing out", () => {
  const post = (path: string, body: object = {}) =>
    client.fetch(server.url + path, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("ends the session here and names the place to end it at the provider, which comes back here", async () => {
    await client.follow(`${server.url}/login`);
    const [name = "", secret = ""] = sessionCookie(client, server.url) ?? [];
    const response = await post("/logout");
    const { next } = (await response.json()) as { next: string };
    const there = new URL(next);
    expect(there.origin).toBe(provider.issuer);
    expect(there.searchParams.get("post_logout_redirect_uri")).toBe(`${server.url}/`);
    expect(there.searchParams.get("id_token_hint")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    secrets.push(secret, there.searchParams.get("id_token_hint") ?? "");

    expect(sessionCookie(client, server.url)).toBeUndefined();
    const copy = await fetch(`${server.url}/asktell.v1.StudyService/ListStudies`, {
      method: "POST",
      headers: { cookie: `${name}=${secret}`, origin: server.url, "content-type": "application/json" },
      body: "{}",
    });
    expect(copy.status).toBe(401);
    expect(await copy.text()).toContain("SESSION_ENDED");
    expect((await client.fetch(next)).status).toBe(200);
  });

  test("without a session, or a second time, is no error", async () => {
    expect(await (await post("/logout")).json()).toEqual({ next: null });
  });

  test("elsewhere is possible from the list of sessions, one or all", async () => {
    const other = createWebClient();
    await client.follow(`${server.url}/login`);
    await other.follow(`${server.url}/login`);
    const headers = { "sec-fetch-site": "same-origin", "user-agent": "a browser" };
    const list = async () => {
      const response = await client.fetch(`${server.url}/login/sessions`, { headers });
      return ((await response.json()) as { sessions: { id: number; isCurrent: boolean }[] }).sessions;
    };
    const sessions = await list();
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toMatch(/hash|sealed|[\w-]{43}/);
    for (const { id, isCurrent } of sessions) if (!isCurrent) await post("/login/sessions/revoke", { id });
    expect(await list()).toHaveLength(1);
    expect((await callByCookie(other, server.url, "StudyService/ListStudies")).status).toBe(401);
    expect((await callByCookie(client, server.url, "StudyService/ListStudies")).status).toBe(200);

    await post("/login/sessions/revoke", { all: true });
    expect((await callByCookie(client, server.url, "StudyService/ListStudies")).status).toBe(401);
  });

  test("of somebody else's session is not possible", async () => {
    const grace = { ...ada, sub: "1906", name: "Grace Hopper", email: "grace@example.org" };
    provider.accounts.set(grace.sub, grace);
    const victim = createWebClient();
    await victim.follow(`${server.url}/login`);
    provider.visitor = grace;
    await client.follow(`${server.url}/login`);
    for (let id = 1; id < 60; id++) await post("/login/sessions/revoke", { id });
    expect((await callByCookie(victim, server.url, "StudyService/ListStudies")).status).toBe(200);
  });

  test.each(['{"id":"1"}', '{"id":1.5}', "{}", "[]", "x", ""])("refuses %s in words", async (body) => {
    await client.follow(`${server.url}/login`);
    const response = await client.fetch(`${server.url}/login/sessions/revoke`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(400);
  });
});

test("nothing of all that is in the log: no code, no state, no cookie, no ID token", () => {
  const log = server.log();
  expect(log).toContain("a sign-in came to nothing");
  expect(secrets.length).toBeGreaterThan(4);
  for (const secret of secrets) {
    const values = secret.startsWith("http") ? [...new URL(secret).searchParams.values()] : [secret];
    for (const value of values.filter((text) => text.length > 20 && !text.startsWith("http"))) {
      expect(log).not.toContain(value);
    }
  }
});
