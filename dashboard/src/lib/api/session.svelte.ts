/**
 * Who the page is, as far as the server is concerned: at present an API token, brought by the link that the server printed
 * (`…/#token=at_…`). A fragment never reaches a server, a log or a Referer. It is kept for this tab only; other tabs of the
 * same browser ask for it, so that opening a link in a new tab works. Nothing else in the dashboard knows how we sign in.
 */
const KEY = "asktell.token";
const CHANNEL = "asktell.session";

let token = $state<string>();
let refused = $state<string>();

/** The signed-in state of this tab. */
export const session = {
  /** The secret to send, if there is one. */
  get token(): string | undefined {
    return token;
  },
  /** Why the last token was refused, for people. */
  get refused(): string | undefined {
    return refused;
  },
};

/** Reads the token from the address, this tab's memory or another tab, and removes it from the address. */
export async function openSession(): Promise<void> {
  const fromLink = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fromLink !== null) history.replaceState(history.state, "", location.pathname + location.search);
  const known = fromLink ?? sessionStorage.getItem(KEY) ?? (await askOtherTabs());
  if (known !== undefined && known !== "") signIn(known);
  answerOtherTabs();
}

/** Uses a token from now on. */
export function signIn(secret: string): void {
  sessionStorage.setItem(KEY, secret.trim());
  token = secret.trim();
  refused = undefined;
}

/** Forgets the token; with a reason, the sign-in page shows it. */
export function signOut(reason?: string): void {
  sessionStorage.removeItem(KEY);
  token = undefined;
  refused = reason;
}

function askOtherTabs(): Promise<string | undefined> {
  if (typeof BroadcastChannel === "undefined") return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    const finish = (answer?: string): void => {
      channel.close();
      resolve(answer);
    };
    channel.onmessage = ({ data }: MessageEvent<{ token?: string }>) => {
      if (typeof data.token === "string") finish(data.token);
    };
    channel.postMessage({ wanted: true });
    setTimeout(finish, 80); // ms; an open tab answers in 1 to 5
  });
}

function answerOtherTabs(): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<{ wanted?: boolean }>) => {
    if (data.wanted === true && token !== undefined) channel.postMessage({ token });
  };
}
