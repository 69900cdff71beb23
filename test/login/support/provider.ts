import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, type ErrorOut, type KoaContextWithOIDC, Provider } from "oidc-provider";

/** Somebody whom the provider knows, with the claims of GitLab's userinfo endpoint. */
export interface Account {
  readonly sub: string;
  readonly name: string;
  readonly nickname?: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly groups: readonly string[];
}

/** A real OpenID provider on the loopback, of GitLab's shape: claims beyond the subject come from the userinfo endpoint. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in at the next visit, without being asked; or what the provider refuses with. */
  visitor: Account | { readonly error: string };
  /** By subject, those whom it still knows. */
  readonly accounts: Map<string, Account>;
  /** Begins to serve the sign-ins of a server. Before that it answers 503, as a provider that is starting does. */
  serve(origin: string): void;
  /** Closes its port; `listen` opens the same one again. */
  close(): Promise<void>;
  listen(): Promise<void>;
}

export const ada: Account = {
  sub: "1815",
  name: "Ada Lovelace",
  nickname: "ada",
  email: "ada@example.org",
  email_verified: true,
  groups: ["physics", "physics/cms"],
};

export interface ProviderOptions {
  /** Shows its own forms for the login and the consent, for a browser. @default false */
  readonly withForms?: boolean;
}

export async function startProvider({ withForms = false }: ProviderOptions = {}): Promise<TestProvider> {
  let port = 0;
  let answer: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  let server: Server;
  const listen = async (): Promise<void> => {
    server = createServer((req, res) => {
      if (answer !== undefined) return answer(req, res);
      res.statusCode = 503;
      res.end("starting");
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  };
  await listen();

  const provider: TestProvider = {
    issuer: `http://127.0.0.1:${port}`,
    clientId: "asktell",
    clientSecret: "a secret of the client",
    visitor: ada,
    accounts: new Map([[ada.sub, ada]]),
    serve: (origin) => void (answer = createAnswer(provider, origin, withForms)),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
    listen,
  };
  return provider;
}

function createAnswer(test: TestProvider, origin: string, withForms: boolean) {
  const configuration: Configuration = {
    clients: [
      {
        client_id: test.clientId,
        client_secret: test.clientSecret,
        redirect_uris: [`${origin}/login/callback`],
        post_logout_redirect_uris: [`${origin}/`],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    cookies: { keys: ["a key for tests"] },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "nickname", "groups"],
    },
    pkce: { required: () => true },
    // As GitLab: every sign-in gets one.
    issueRefreshToken: () => Promise.resolve(true),
    findAccount(_context, sub) {
      // The provider's own form knows anybody by the name that is typed in.
      const account = test.accounts.get(sub) ?? (withForms ? { ...ada, sub } : undefined);
      if (account === undefined) return undefined;
      return { accountId: sub, claims: () => ({ ...account, groups: [...account.groups] }) };
    },
    features: { devInteractions: { enabled: withForms }, rpInitiatedLogout: { enabled: true, logoutSource } },
    ttl: {
      AccessToken: 7_200,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 120,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    renderError: (context, out: ErrorOut) => {
      context.type = "json";
      context.body = out;
      return Promise.resolve();
    },
    ...(withForms
      ? {}
      : {
          interactions: { url: (_context, { uid }) => `/visit/${uid}` },
          loadExistingGrant: async (context) => {
            const { client, session, provider } = context.oidc;
            if (client === undefined || session?.accountId === undefined) return undefined;
            const known = session.grantIdFor(client.clientId);
            if (known !== undefined) return provider.Grant.find(known);
            const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
            grant.addOIDCScope("openid profile email");
            await grant.save();
            return grant;
          },
        }),
  };
  const provider = quietly(() => new Provider(test.issuer, configuration));
  const callback = provider.callback();
  return (req: IncomingMessage, res: ServerResponse): void => {
    const isVisit = req.url?.startsWith("/visit/") === true;
    void (isVisit ? visit(provider, test, req, res) : callback(req, res));
  };
}

/** Asks whether to sign out here, too. */
function logoutSource(context: KoaContextWithOIDC, form: string): void {
  context.body = `<!doctype html><title>Sign out?</title>${form}<button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
}

async function visit(
  provider: Provider,
  { visitor }: TestProvider,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const result =
    "error" in visitor
      ? { error: visitor.error, error_description: "said no" }
      : { login: { accountId: visitor.sub } };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}

/** It warns of keys and a store that are good for tests only, which is what they are for. */
function quietly<T>(work: () => T): T {
  const { warn, info } = console;
  console.warn = console.info = () => undefined;
  try {
    return work();
  } finally {
    Object.assign(console, { warn, info });
  }
}
