interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** What a browser does with redirects and cookies, step by step. */
export interface WebClient {
  /** Requests an address with the cookies that belong there, and keeps those that come back. Follows nothing. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Goes to an address and wherever it leads; answers the last answer, with each address on the way. */
  follow(url: string): Promise<{ readonly response: Response; readonly urls: readonly string[] }>;
  /** Goes on until the address that an answer leads to begins so; answers that address, not visited. */
  followTo(url: string, prefix: string): Promise<string>;
  /** The cookies that it keeps for an address. */
  cookiesOf(url: string): ReadonlyMap<string, string>;
  forget(name: string): void;
}

export function createWebClient(): WebClient {
  // Cookies know hosts, not ports; but servers of tests share a host, and their cookies have names of their own.
  const jars = new Map<string, StoredCookie[]>();

  const matching = (url: string): StoredCookie[] => {
    const { host, pathname } = new URL(url);
    return (jars.get(host) ?? []).filter(({ path }) => pathname.startsWith(path));
  };

  function keep(url: string, header: string): void {
    const { host } = new URL(url);
    const [pair = "", ...attributes] = header.split(/;\s*/);
    const mark = pair.indexOf("=");
    const named = new Map(attributes.map((text) => text.split("=", 2) as [string, string]));
    const path = [...named].find(([name]) => name.toLowerCase() === "path")?.[1] ?? "/";
    const cookie = { name: pair.slice(0, mark), value: pair.slice(mark + 1), path };
    const others = (jars.get(host) ?? []).filter(({ name, path: at }) => name !== cookie.name || at !== path);
    jars.set(host, cookie.value === "" ? others : [...others, cookie]);
  }

  async function request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookies = matching(url).map(({ name, value }) => `${name}=${value}`);
    if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
    headers.set("accept", headers.get("accept") ?? "text/html");
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const header of response.headers.getSetCookie()) keep(url, header);
    return response;
  }

  const nextOf = (url: string, response: Response): string | undefined => {
    const location = response.headers.get("location");
    return location === null ? undefined : new URL(location, url).href;
  };

  return {
    fetch: request,

    async follow(start) {
      const urls = [start];
      for (let url = start; urls.length < 20;) {
        const response = await request(url);
        const next = nextOf(url, response);
        if (next === undefined) return { response, urls };
        await response.body?.cancel();
        urls.push(next);
        url = next;
      }
      throw new Error(`goes round: ${urls.join(" ")}`);
    },

    async followTo(start, prefix) {
      for (let url = start, steps = 0; steps < 20; steps++) {
        const response = await request(url);
        const next = nextOf(url, response);
        if (next === undefined)
          throw new Error(`${url} ends with ${response.status} ${await response.text()}`);
        await response.body?.cancel();
        if (next.startsWith(prefix)) return next;
        url = next;
      }
      throw new Error("goes round");
    },

    cookiesOf: (url) => new Map(matching(url).map(({ name, value }) => [name, value])),

    forget(name) {
      for (const [host, cookies] of jars)
        jars.set(
          host,
          cookies.filter((cookie) => cookie.name !== name),
        );
    },
  };
}
