import { createLoginTable } from "../store/cold/logins.ts";
import { createSessionTable } from "../store/cold/sessions.ts";
import { createUserTable } from "../store/cold/users.ts";
import type { Log } from "../store/embedded/log.ts";
import type { Orm } from "../store/orm.ts";
import type { AuditTrail } from "./audit.ts";
import { ProviderError } from "./errors.ts";
import { type LoginLinks, createLoginLinks } from "./login-link.ts";
import { createCode, hashCode, isCode } from "./one-time-code.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type ProviderOptions, type ProviderTokens, createProvider } from "./provider.ts";
import { createSignInAudit } from "./sign-in-audit.ts";
import { type NewSession, type SessionTimes, type Sessions, createSessions } from "./sessions.ts";
import { type Person, type User, createUsers } from "./users.ts";

export interface SignInOptions {
  readonly orm: Orm;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly deadlineMs: number;
  readonly limits: Pick<RateLimits, "countSignIn" | "checkFailures" | "countFailure">;
  /** @default none: people sign in by a link that the server prints */
  readonly provider?: ProviderOptions | undefined;
  readonly times: SessionTimes;
  readonly audit: Pick<AuditTrail, "audited" | "noteRefusedSignIn">;
  /** Id of the project whose log has the sign-ins: the one that every installation has. */
  readonly auditProject: () => Promise<number>;
  /** Gives somebody who has signed in, or was asked about, a project and what their groups entitle them to. */
  readonly welcome: (user: User, username: string) => Promise<void>;
}

/** A browser that signs in. */
export type Browser = Pick<NewSession, "address" | "userAgent">;

/** How people come in, and the sessions that they then have. */
export interface SignIn
  extends
    Pick<LoginLinks, "createLoginCode">,
    Pick<Sessions, "findSession" | "listSessions" | "revokeSessions"> {
  /** What people know the identity provider by; undefined without one. */
  readonly providerName: string | undefined;
  /**
   * Sends a browser to the identity provider. Throws ProviderError, RateLimitError.
   *
   * @param known - what `cookie` of an earlier call answered for the same browser
   */
  beginLogin(login: {
    redirectUri: string;
    next: string;
    known: string | undefined;
    address: string;
  }): Promise<{ url: string; cookie: string }>;
  /** Takes a browser back from there; answers the secret of its session. Throws ProviderError, RateLimitError. */
  finishLogin(login: {
    returned: URL;
    cookie: string | undefined;
    browser: Browser;
  }): Promise<{ secret: string; next: string; userId: number }>;
  /** Signs the local user in by the code of a link; undefined when that is unknown, used or expired. Throws RateLimitError. */
  loginByCode(code: string, browser: Browser): Promise<string | undefined>;
  /** Ends a session; answers where to sign out of the identity provider too, if it has such a place. Throws RateLimitError. */
  endSession(secret: string, returnTo: string, address: string): Promise<string | undefined>;
  /** Asks the provider for its addresses ahead of the first login, and says so in the log if it does not answer. */
  discoverProvider(): Promise<void>;
}

/** How long the identity provider may keep somebody, s. */
const attemptSeconds = 600;

export function createSignIn(options: SignInOptions): SignIn {
  const { orm, log, deadlineMs, limits, welcome } = options;
  const logins = createLoginTable(orm, deadlineMs);
  const users = createUsers(createUserTable(orm, deadlineMs));
  const links = createLoginLinks(logins);
  const provider = options.provider && createProvider(options.provider);
  const sessions = createSessions({
    ...options.times,
    table: createSessionTable(orm, deadlineMs),
    recheck,
    limits,
    now: options.now,
    log,
  });

  const audit = createSignInAudit(options.audit, options.auditProject);

  function theProvider() {
    if (provider === undefined) throw new ProviderError("refused", "there is no identity provider");
    return provider;
  }

  async function save(person: Person): Promise<User> {
    const user = await users.saveUser(person);
    await welcome(user, person.username);
    return user;
  }

  async function recheck(tokens: ProviderTokens, { subject }: User): Promise<ProviderTokens> {
    if (tokens.refreshToken === undefined) return tokens;
    const again = await theProvider().refresh(tokens.refreshToken, subject);
    await save(again.person);
    return { ...tokens, ...withoutUndefined(again.tokens) };
  }

  const enter = (session: NewSession): Promise<string> =>
    audit.entered(session, () => sessions.startSession(session));

  const finish: SignIn["finishLogin"] = async ({ returned, cookie, browser }) => {
    const state = returned.searchParams.get("state") ?? "";
    const attempt = await logins.takeAttempt(hashCode(state));
    if (attempt === undefined) {
      await limits.countSignIn(browser.address);
      throw new ProviderError("refused", "the state is unknown, used or too old");
    }
    if (cookie === undefined || !hashCode(cookie).equals(attempt.browserHash)) {
      throw new ProviderError("refused", "another browser came back than was sent");
    }
    const { nonce, verifier, next } = attempt;
    const { person, tokens } = await theProvider()
      .finish(returned, { state, nonce, verifier })
      .catch((error: unknown) => {
        if (error instanceof ProviderError) error.next = next;
        throw error;
      });
    const user = await save(person);
    const secret = await enter({ user, method: "provider", tokens, ...browser });
    return { secret, next, userId: user.id };
  };

  return {
    providerName: provider?.name,
    createLoginCode: links.createLoginCode,
    findSession: sessions.findSession,
    listSessions: sessions.listSessions,
    revokeSessions: sessions.revokeSessions,

    async beginLogin({ redirectUri, next, known, address }) {
      await limits.countSignIn(address);
      const { url, checks } = await theProvider().prepare(redirectUri);
      // One for all tabs of a browser: each has a row of its own.
      const cookie = known !== undefined && isCode(known) ? known : createCode();
      await logins.addAttempt({
        hash: hashCode(checks.state),
        browserHash: hashCode(cookie),
        nonce: checks.nonce,
        verifier: checks.verifier,
        next,
        validSeconds: attemptSeconds,
      });
      return { url, cookie };
    },

    async finishLogin(login) {
      try {
        return await finish(login);
      } catch (error) {
        // Those beyond the limits are not written down, or they would fill the log.
        if (error instanceof ProviderError)
          await audit.refused("provider", login.browser.address, error.failure);
        throw error;
      }
    },

    async loginByCode(code, browser) {
      await limits.countSignIn(browser.address);
      if (!(await links.redeemLoginCode(code))) {
        await audit.refused("link", browser.address, "refused");
        return undefined;
      }
      const user = await users.localUser();
      await welcome(user, "owner");
      return enter({ user, method: "link", ...browser });
    },

    async endSession(secret, returnTo, address) {
      const tokens = await sessions.endSession(secret, address);
      if (tokens?.idToken === undefined || provider === undefined) return undefined;
      try {
        return await provider.signOutUrl(tokens.idToken, returnTo);
      } catch (error) {
        // Here, the session is over; that is what counts.
        if (error instanceof ProviderError) return undefined;
        throw error;
      }
    },

    async discoverProvider() {
      await provider?.discover().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn(
          `the identity provider ${provider.name} does not answer; tokens work all the same: ${reason}`,
        );
      });
    },
  };
}

function withoutUndefined(tokens: ProviderTokens): ProviderTokens {
  const { refreshToken, idToken } = tokens;
  return { ...(refreshToken && { refreshToken }), ...(idToken && { idToken }) };
}
