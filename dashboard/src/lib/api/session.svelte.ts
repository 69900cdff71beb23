/**
 * Who the page is, as far as the server is concerned: somebody who signed in with this browser (the session is in a cookie that
 * scripts do not see), or the holder of an API token, which then counts. Nothing else in the dashboard knows how we sign in.
 */
import { type LoginState, type Person, LoginError, endSession, loginState, redeemLink } from "./login.ts";
import { answerOtherTabs, askOtherTabs, keepToken, keptToken } from "./tab-token.ts";

let token = $state<string>();
let login = $state.raw<LoginState>();
let refused = $state<string>();

const isLinkToken = (secret: string): boolean => secret.startsWith("ats_");

/** The signed-in state of this tab. */
export const session = {
  /** The secret to send, if there is one. */
  get token(): string | undefined {
    return token;
  },
  /** Who is signed in, unless a token is used. */
  get person(): Person | undefined {
    return token === undefined ? (login?.user ?? undefined) : undefined;
  },
  /** Whether the token is a link to look at one study. */
  get isLink(): boolean {
    return token !== undefined && isLinkToken(token);
  },
  get signedIn(): boolean {
    return token !== undefined || this.person !== undefined;
  },
  /** How one signs in here; undefined while that could not be found out. */
  get login(): LoginState | undefined {
    return login;
  },
  /** Why the last sign-in did not work or does not any more, for people. */
  get refused(): string | undefined {
    return refused;
  },
};

/** Reads what the address brings, this browser's session, and this or another tab's token. */
export async function openSession(): Promise<void> {
  const brought = new URLSearchParams(location.hash.slice(1));
  const [fromLink, code] = [brought.get("token"), brought.get("login")];
  // A fragment never reaches a server, a log or a Referer header, but it would stay in the history.
  if (fromLink !== null || code !== null)
    history.replaceState(history.state, "", location.pathname + location.search);
  if (code !== null) await redeemLink(code).then(() => keepToken(undefined), refuse);
  const reasonOfLink = refused;
  const own = code === null ? (fromLink ?? keptToken()) : undefined;
  const [others] = await Promise.all([
    code === null && own === undefined ? askOtherTabs() : undefined,
    recheckSession(),
  ]);
  if (reasonOfLink !== undefined && login?.user === null) refused = reasonOfLink;
  const isSignedIn = login !== undefined && login.user !== null;
  // The link at which another tab looks says nothing of what somebody who is signed in may see in this one.
  const known = own ?? (isSignedIn && others !== undefined && isLinkToken(others) ? undefined : others);
  if (known !== undefined && known !== "") signIn(known);
  answerOtherTabs(() => token);
  // A page that the browser kept and shows again may be from before a sign-out.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) void recheckSession();
  });
}

/** Asks the server who is signed in with this browser. */
export async function recheckSession(): Promise<void> {
  try {
    const before = login;
    login = await loginState();
    if (login.ended) refused = "Your session has ended. Sign in again.";
    else if (login.user !== null || before === undefined) refused = undefined;
  } catch (error) {
    refuse(error);
  }
}

/** Uses a token from now on. */
export function signIn(secret: string): void {
  token = secret.trim();
  keepToken(token);
  refused = undefined;
}

/** Ends the session, or forgets the token, because somebody wants so. Sign-out at the identity provider follows. */
export async function signOut(): Promise<void> {
  token = undefined;
  keepToken(undefined);
  refused = undefined;
  if (login === undefined || login.user === null) return;
  try {
    const next = await endSession();
    login = { ...login, user: null };
    if (next !== null) location.assign(next);
  } catch (error) {
    refuse(error);
  }
}

/** Takes note that the server no longer accepts the token or session. */
export function endedBecause(reason: string): void {
  if (token !== undefined) {
    token = undefined;
    keepToken(undefined);
  }
  if (login !== undefined) login = { ...login, user: null };
  refused = reason;
}

function refuse(error: unknown): void {
  refused = error instanceof LoginError ? error.message : "Signing in did not work. Reload the page.";
}
