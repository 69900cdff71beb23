/** What the server says of signing in with a browser. These are plain HTTP: the browser's cookie is theirs to set and to read. */

/** Who is signed in. */
export interface Person {
  readonly name: string;
  /** Empty when the provider told none. */
  readonly email: string;
  /** Through the identity provider, or by a link that the server printed. */
  readonly method: "provider" | "link";
}

/** How one signs in here, and who is signed in. */
export interface LoginState {
  /** What people know the identity provider by; null: there is none. */
  readonly provider: string | null;
  /** Whether the server prints links that sign a browser in. */
  readonly links: boolean;
  /** The browser came with a session that is over. */
  readonly ended: boolean;
  readonly user: Person | null;
}

/** A browser that the person is signed in with. Times are milliseconds since 1970. */
export interface BrowserSession {
  readonly id: number;
  readonly isCurrent: boolean;
  readonly method: Person["method"];
  readonly address: string;
  readonly userAgent: string;
  readonly created: number;
  readonly lastUsed: number;
  readonly expires: number;
}

export function loginState(): Promise<LoginState> {
  return ask<LoginState>("/login/session");
}

/** Uses up the code of a login link. */
export async function redeemLink(code: string): Promise<void> {
  await ask("/login/link", { code });
}

/** Ends the session; answers where to sign out of the identity provider as well. */
export async function endSession(): Promise<string | null> {
  return (await ask<{ next: string | null }>("/logout", {})).next;
}

export async function listBrowserSessions(): Promise<BrowserSession[]> {
  type Raw = Omit<BrowserSession, "created" | "lastUsed" | "expires"> &
    Record<"createTime" | "lastUseTime" | "expireTime", string>;
  const { sessions } = await ask<{ sessions: Raw[] }>("/login/sessions");
  return sessions.map(({ createTime, lastUseTime, expireTime, ...rest }) => ({
    ...rest,
    created: Date.parse(createTime),
    lastUsed: Date.parse(lastUseTime),
    expires: Date.parse(expireTime),
  }));
}

/** Ends one session of the person, or all. */
export async function revokeBrowserSessions(which: { id: number } | { all: true }): Promise<void> {
  await ask("/login/sessions/revoke", which);
}

/** The server refused; the message is for people. */
export class LoginError extends Error {}

async function ask<T>(path: string, body?: object): Promise<T> {
  const init =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: "no-store" });
  } catch {
    throw new LoginError(
      "The server does not answer. Check that it is running and that this machine is online.",
    );
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  const isExplained = typeof answer === "object" && answer !== null && "message" in answer;
  throw new LoginError(
    isExplained ? String(answer.message) : `The server answered ${response.status} without saying why.`,
  );
}
