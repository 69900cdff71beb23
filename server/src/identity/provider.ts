import * as oidc from "openid-client";
import { boundedFetch } from "./bounded-fetch.ts";
import { readClaims } from "./claims.ts";
import { ProviderError } from "./errors.ts";
import { explainProviderError } from "./provider-errors.ts";
import type { Person } from "./users.ts";

export interface ProviderOptions {
  /** As its metadata state it, to the letter. */
  readonly issuer: URL;
  readonly clientId: string;
  /** @default a public client, which has none */
  readonly clientSecret?: string | undefined;
  readonly scopes: readonly string[];
  /** The claim that holds a person's groups. */
  readonly groupsClaim: string;
}

/** What must be kept of a sign-in between sending the browser away and its return. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What a session keeps of the provider's tokens: to ask again, and to sign out there. Access tokens are of no use here. */
export interface ProviderTokens {
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
}

export interface SignedIn {
  readonly person: Person;
  readonly tokens: ProviderTokens;
}

/** An OpenID provider. Every call throws ProviderError, and nothing else. */
export interface Provider {
  /** What people know it by. */
  readonly name: string;
  /** Where to send the browser. */
  prepare(redirectUri: string): Promise<{ url: string; checks: SignInChecks }>;
  /** @param returned - the address, of this server as the provider knows it, that the browser came back with */
  finish(returned: URL, checks: SignInChecks): Promise<SignedIn>;
  /** Asks about a person again. */
  refresh(refreshToken: string, subject: string): Promise<SignedIn>;
  /** Where to sign out of the provider itself; undefined when it has no such place. */
  signOutUrl(idToken: string, returnTo: string): Promise<string | undefined>;
  /** Reads its metadata ahead of the first sign-in. */
  discover(): Promise<void>;
}

/** Of each request to the provider, s. */
const timeoutSeconds = 5;
/** The provider's addresses and keys may change: metadata are read again after this time. */
const metadataMs = 3_600_000;

/** Metadata that nobody can be signed in with are no better than none. */
function checked(config: oidc.Configuration): oidc.Configuration {
  const metadata = config.serverMetadata();
  for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const) {
    const value = metadata[name];
    if (value === undefined || !/^https?:\/\//i.test(value))
      throw new ProviderError("unreachable", `its metadata state no ${name}`);
  }
  return config;
}

export function createProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, clientSecret, scopes, groupsClaim } = options;
  let current: { readonly promise: Promise<oidc.Configuration>; readonly at: number } | undefined;

  const isPlain = issuer.protocol === "http:";
  const execute = [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])];

  function configuration(): Promise<oidc.Configuration> {
    if (current !== undefined && performance.now() - current.at < metadataMs) return current.promise;
    const promise = oidc.discovery(
      issuer,
      clientId,
      undefined,
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      { execute, timeout: timeoutSeconds, [oidc.customFetch]: boundedFetch },
    );
    const attempt = { promise: promise.then(checked), at: performance.now() };
    current = attempt;
    attempt.promise.catch(() => {
      // Whoever comes next tries anew.
      if (current === attempt) current = undefined;
    });
    return attempt.promise;
  }

  async function ask<T>(use: (config: oidc.Configuration) => Promise<T>): Promise<T> {
    let config: oidc.Configuration;
    try {
      config = await configuration();
    } catch (error) {
      throw error instanceof ProviderError ? error : explainProviderError(error, "unreachable");
    }
    try {
      return await use(config);
    } catch (error) {
      throw error instanceof ProviderError ? error : explainProviderError(error, "refused");
    }
  }

  /** The ID token says little at many providers, GitLab among them; the rest is at the userinfo endpoint. */
  async function readPerson(
    config: oidc.Configuration,
    accessToken: string,
    subject: string,
    idClaims: object,
  ): Promise<Person> {
    const { issuer: name, userinfo_endpoint: endpoint } = config.serverMetadata();
    const info = endpoint === undefined ? {} : await oidc.fetchUserInfo(config, accessToken, subject);
    return readClaims(name, subject, { ...idClaims, ...info }, groupsClaim);
  }

  return {
    name: issuer.host,

    prepare: (redirectUri) =>
      ask(async (config) => {
        const verifier = oidc.randomPKCECodeVerifier();
        const checks = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
        const url = oidc.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: scopes.join(" "),
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          state: checks.state,
          nonce: checks.nonce,
        });
        return { url: url.href, checks };
      }),

    finish: (returned, checks) =>
      ask(async (config) => {
        const tokens = await oidc.authorizationCodeGrant(config, returned, {
          pkceCodeVerifier: checks.verifier,
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new ProviderError("refused", "there is no ID token in the answer");
        const person = await readPerson(config, tokens.access_token, claims.sub, claims);
        return { person, tokens: { refreshToken: tokens.refresh_token, idToken: tokens.id_token } };
      }),

    refresh: (refreshToken, subject) =>
      ask(async (config) => {
        const tokens = await oidc.refreshTokenGrant(config, refreshToken);
        const person = await readPerson(config, tokens.access_token, subject, tokens.claims() ?? {});
        // Rotation is the provider's choice.
        const next = { refreshToken: tokens.refresh_token ?? refreshToken, idToken: tokens.id_token };
        return { person, tokens: next };
      }),

    signOutUrl: (idToken, returnTo) =>
      ask((config) => {
        if (config.serverMetadata().end_session_endpoint === undefined) return Promise.resolve(undefined);
        const parameters = { post_logout_redirect_uri: returnTo, id_token_hint: idToken };
        return Promise.resolve(oidc.buildEndSessionUrl(config, parameters).href);
      }),

    discover: () => ask(() => Promise.resolve()),
  };
}
