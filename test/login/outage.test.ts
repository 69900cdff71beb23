import { once } from "node:events";
import { type RequestListener, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type TestServer, startTestServer } from "../support/server.ts";
import { type TestProvider, startProvider } from "./support/provider.ts";
import { beginSignIn, sessionCookie, sessionState, startWithProvider } from "./support/sign-in.ts";
import { createWebClient } from "./support/web-client.ts";

const database = useTestPostgres();

const listStudies = ({ url, token }: TestServer) =>
  fetch(`${url}/asktell.v1.StudyService/ListStudies`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });

async function expectUnreachable(response: Response): Promise<void> {
  const html = await response.text();
  expect([response.status, response.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
  expect(html).toMatch(/<h1>127\.0\.0\.1:\d+ does not answer<\/h1>/);
  expect(html).not.toMatch(/ECONN|Error|\bat \S+:\d+/);
}

describe("a provider that is down", () => {
  let provider: TestProvider;
  let server: TestServer;
  beforeAll(async () => {
    provider = await startProvider();
    await provider.close();
    server = await startWithProvider(provider, { DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await server?.stop();
    await provider.close().catch(() => undefined);
  });

  test("at the server's start keeps it neither from starting nor from serving tokens", async () => {
    expect((await listStudies(server)).status).toBe(200);
    const warning = "does not answer; tokens work all the same: ECONNREFUSED";
    await expect.poll(() => server.log()).toContain(warning);
  });

  test("at a sign-in ends it on a page that says so; once it is back, the next one works", async () => {
    const client = createWebClient();
    const { response } = await client.follow(`${server.url}/login?next=/new`);
    await expectUnreachable(response);
    expect(await sessionState(client, server.url)).toMatchObject({ user: null, ended: false });

    await provider.listen();
    const { urls } = await client.follow(`${server.url}/login?next=/new`);
    expect(urls.at(-1)).toBe(`${server.url}/new`);
    expect((await sessionState(client, server.url)).user).not.toBeNull();
  });

  test("on the way back from it ends the sign-in; sessions and sign-out go on without it", async () => {
    const [client, signedIn] = [createWebClient(), createWebClient()];
    await signedIn.follow(`${server.url}/login`);
    const returned = await beginSignIn(client, server.url);
    await provider.close();
    await expectUnreachable(await client.fetch(returned));
    expect(sessionCookie(client, server.url)).toBeUndefined();

    expect((await sessionState(signedIn, server.url)).user?.name).toBe("Ada Lovelace");
    const out = await signedIn.fetch(`${server.url}/logout`, {
      method: "POST",
      headers: { origin: server.url },
    });
    expect(out.status).toBe(200);
    expect((await sessionState(signedIn, server.url)).user).toBeNull();
    await provider.listen();
  });
});

describe("what is no provider", () => {
  let impostor: Server;
  let issuer: string;
  let answer: RequestListener = (_req, res) => void res.end();
  let server: TestServer;
  beforeAll(async () => {
    impostor = createServer((req, res) => answer(req, res)).listen(0, "127.0.0.1");
    await once(impostor, "listening");
    issuer = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
    server = await startTestServer({
      env: { DATABASE_URL: database.url, ASKTELL_OIDC_ISSUER: issuer, ASKTELL_OIDC_CLIENT_ID: "x" },
    });
  });
  afterAll(async () => {
    await server?.stop();
    impostor.close();
    impostor.closeAllConnections();
  });

  const json = (res: ServerResponse, value: object): void => {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(value));
  };

  test.each<[string, RequestListener]>([
    ["a web page", (_req, res) => void res.end("<html>Welcome</html>")],
    ["an error", (_req, res) => void res.writeHead(502).end("bad gateway")],
    ["silence", () => undefined],
    ["metadata of another issuer", (_req, res) => json(res, { issuer: "https://evil.example" })],
    ["metadata without addresses", (_req, res) => json(res, { issuer })],
    [
      "metadata with an address in the clear",
      (_req, res) =>
        json(res, { issuer, authorization_endpoint: "ftp://127.0.0.1/", token_endpoint: `${issuer}/token` }),
    ],
    [
      "an endless document",
      (_req, res) => {
        res.setHeader("content-type", "application/json");
        const more = (): void => {
          while (!res.destroyed && res.write(`"${"x".repeat(65_536)}",`));
          res.once("drain", more);
        };
        res.write("[");
        more();
      },
    ],
    [
      "a redirect to somewhere inside the network",
      (_req, res) => void res.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    ],
  ])("answers a sign-in with %s: the person reads that it does not answer", async (_, listener) => {
    answer = listener;
    const { response } = await createWebClient().follow(`${server.url}/login`);
    await expectUnreachable(response);
    expect((await listStudies(server)).status).toBe(200);
  });

  test("is begun with too often from one address: who tries reads to wait, and the provider is spared", async () => {
    answer = (_req, res) => void res.writeHead(502).end();
    let refused: Response | undefined;
    // All at once, since a minute is soon over on a busy machine; and again, should a minute end in between.
    for (let burst = 0; burst < 5 && refused === undefined; burst++) {
      const tries = Array.from({ length: 70 }, () => createWebClient().follow(`${server.url}/login`));
      refused = (await Promise.all(tries)).find(({ response }) => response.status !== 503)?.response;
    }
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused?.text()).toContain("<h1>Too many sign-ins</h1>");
  });
});
