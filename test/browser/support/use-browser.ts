import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { TestServer } from "../../support/server.ts";
import { startBrowser } from "./chromium.ts";
import { type Visit, type VisitOptions, openPage, visit } from "./visit.ts";

/** A browser whose pages are watched: a test that opened one with a fault fails. */
export interface WatchedBrowser {
  /** Opens an address of the dashboard as somebody who holds the server's token. Closed after the test. */
  visit(server: TestServer, path: string, options?: VisitOptions): Promise<Visit>;
  /** An empty page, that of somebody whom no server knows. Closed after the test. */
  openPage(options?: VisitOptions): Promise<Visit>;
}

/** Gives a test file, or a `describe` in it, a Chromium for the time of its tests. */
export function useBrowser(): WatchedBrowser {
  let browser: Browser | undefined;
  const visits: Visit[] = [];
  const current = (): Browser => {
    if (browser === undefined) throw new Error("the browser exists inside hooks and tests only");
    return browser;
  };
  const watch = (visited: Visit): Visit => {
    visits.push(visited);
    return visited;
  };

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    const opened = visits.splice(0);
    const found = opened.flatMap(({ faults }) => faults);
    await Promise.all(opened.map(({ close }) => close()));
    if (found.length > 0) throw new Error(`A page had faults:\n${found.join("\n")}`);
  });
  afterAll(() => browser?.close());

  return {
    visit: async (server, path, options) => watch(await visit(current(), server, path, options)),
    openPage: async (options) => watch(await openPage(current(), options)),
  };
}
