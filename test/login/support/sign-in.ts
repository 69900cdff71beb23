import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestServer, startTestServer } from "../../support/server.ts";
import type { TestProvider } from "./provider.ts";
import type { WebClient } from "./web-client.ts";

/** A server that signs people in at a provider, which then serves it. */
export async function startWithProvider(
  provider: TestProvider,
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "asktell-login-"));
  const file = join(folder, "secret");
  await writeFile(file, `${provider.clientSecret}\n`);
  const server = await startTestServer({
    env: {
      ASKTELL_OIDC_ISSUER: provider.issuer,
      ASKTELL_OIDC_CLIENT_ID: provider.clientId,
      ASKTELL_OIDC_CLIENT_SECRET_FILE: file,
      ...env,
    },
  });
  provider.serve(server.url);
  await rm(folder, { recursive: true });
  return server;
}

/** The address with which the provider sends the browser back, not visited yet. */
export function beginSignIn(client: WebClient, url: string, next = "/"): Promise<string> {
  return client.followTo(`${url}/login?next=${encodeURIComponent(next)}`, `${url}/login/callback`);
}

export interface SessionState {
  readonly provider: string | null;
  readonly links: boolean;
  readonly ended: boolean;
  readonly user: { readonly name: string; readonly email: string; readonly method: string } | null;
}

export async function sessionState(client: WebClient, url: string): Promise<SessionState> {
  return (await (await client.fetch(`${url}/login/session`)).json()) as SessionState;
}

/** Calls a method by the browser's cookie, as the dashboard's page does. */
export function callByCookie(
  client: WebClient,
  url: string,
  method: string,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return client.fetch(`${url}/asktell.v1.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...headers },
    body: JSON.stringify(body),
  });
}

/** The name and value of the session's cookie, if the client has one. */
export function sessionCookie(client: WebClient, url: string): [string, string] | undefined {
  return [...client.cookiesOf(url)].find(([name]) => /asktell-(?!login)/.test(name));
}
