import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import type { TestServer } from "../support/server.ts";
import { type TestProvider, startProvider } from "./support/provider.ts";
import { startWithProvider } from "./support/sign-in.ts";
import { createWebClient } from "./support/web-client.ts";

/* What a proxy does that ends TLS in front of the server: it asks over http, with the name that users know. */
const origin = "https://hpo.example.org";
const database = useTestPostgres();
let provider: TestProvider;
let server: TestServer;
let port: number;

beforeAll(async () => {
  provider = await startProvider();
  server = await startWithProvider(provider, {
    DATABASE_URL: database.url,
    ASKTELL_PUBLIC_URL: origin,
    ASKTELL_LOG_LEVEL: "info",
    ASKTELL_LOGIN_LINK: "loopback",
  });
  provider.serve(origin);
  port = Number(/"port":(\d+)/.exec(server.log())?.[1]);
});
afterAll(async () => {
  await server?.stop();
  await provider?.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path,
      headers: { host: "hpo.example.org", ...headers },
    };
    request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => void (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    })
      .on("error", reject)
      .end(body);
  });
}

/** The pair of the one cookie that an answer sets. */
function cookieIn({ headers }: Answer): string {
  expect(headers["set-cookie"]).toHaveLength(1);
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

test("cookies have the prefix that binds them to this host and to TLS, and calls come from the public address", async () => {
  const begun = await ask("GET", "/login");
  expect(begun.headers["set-cookie"]?.[0]).toMatch(
    /^__Host-asktell-login-[0-9a-f]{8}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const returned = new URL(
    await createWebClient().followTo(begun.headers.location ?? "", `${origin}/login/callback`),
  );
  const back = await ask("GET", returned.pathname + returned.search, { cookie: cookieIn(begun) });
  expect([back.status, back.headers.location]).toEqual([303, "/"]);
  expect(back.headers["set-cookie"]?.[0]).toMatch(
    /^__Host-asktell-[0-9a-f]{8}=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(back.headers["strict-transport-security"]).toContain("max-age=31536000");

  const cookie = cookieIn(back);
  const list = (from: string) =>
    ask(
      "POST",
      "/asktell.v1.StudyService/ListStudies",
      { cookie, origin: from, "content-type": "application/json" },
      "{}",
    );
  expect((await list(origin)).status).toBe(200);
  for (const from of [
    "https://evil.example",
    "https://hpo.example.org:8443",
    "https://hpo.example.org.evil.example",
  ])
    expect((await list(from)).status).toBe(403);
  // The same cookie under a name that anybody could have set.
  const plain = cookie.replace("__Host-", "");
  const body = { cookie: plain, origin, "content-type": "application/json" };
  expect((await ask("POST", "/asktell.v1.StudyService/ListStudies", body, "{}")).status).toBe(401);
});

test("a login link for this machine's browsers is refused to whoever comes through the proxy", async () => {
  const link = await server.run(["login-link", "--public-url", origin]);
  expect(link).toMatch(/^https:\/\/hpo\.example\.org\/#login=[\w-]{43}$/);
  const body = JSON.stringify({ code: link.split("=")[1] });
  const headers = { origin, "content-type": "application/json" };
  const refused = await ask("POST", "/login/link", { ...headers, "x-forwarded-for": "203.0.113.9" }, body);
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("own machine only")]);
  // The refusal has not used it up.
  expect((await ask("POST", "/login/link", headers, body)).status).toBe(200);
});
