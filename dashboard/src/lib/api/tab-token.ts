/**
 * A token that somebody pasted, or that came by a link (`…/#token=at_…`). It is kept for this tab only; other tabs of the same
 * browser ask for it, so that opening a link in a new tab works.
 */
const KEY = "asktell.token";
const CHANNEL = "asktell.session";

/** The token of this tab. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(secret: string | undefined): void {
  if (secret === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, secret);
}

/** The token of another tab. */
export function askOtherTabs(): Promise<string | undefined> {
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

/** @param current - the token that this tab has at the moment */
export function answerOtherTabs(current: () => string | undefined): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<{ wanted?: boolean }>) => {
    const token = current();
    if (data.wanted === true && token !== undefined) channel.postMessage({ token });
  };
}
