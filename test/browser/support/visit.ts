import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { type TestServer, root } from "../../support/server.ts";
import { patience } from "./chromium.ts";

export interface VisitOptions {
  readonly dark?: boolean;
  /** Whether the visitor lets things move. Default: they have asked for reduced motion. */
  readonly motion?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** Whether an error in the console is none of the page's faults. Default: none is. */
  readonly expected?: (message: ConsoleMessage) => boolean;
}

/** For a page whose calls are refused with one of these statuses, which browsers write to the console whatever the page makes of it. */
export function refusal(...statuses: readonly number[]): (message: ConsoleMessage) => boolean {
  return (message) => statuses.some((status) => message.text().includes(`status of ${status}`));
}

/** For a page that loses its server, or finds one that is about to stop or has just started. */
export const isLostConnection = (message: ConsoleMessage): boolean =>
  /net::ERR_|status of 50[234]/.test(message.text());

/** A page of the dashboard, and everything that went wrong on it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, of the console and of the content security policy, in order. */
  readonly faults: readonly string[];
  /**
   * What its messages at the edge have said, in order. They go by themselves after some seconds, so that a test that looks for one on the
   * page may come too late on a busy machine.
   */
  readonly said: readonly string[];
  close(): Promise<void>;
}

/** Opens an address of the dashboard as somebody who holds the server's token. */
export async function visit(
  browser: Browser,
  server: TestServer,
  path: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const visited = await openPage(browser, options);
  await visited.page.goto(`${server.url}${path}#token=${server.token}`);
  return visited;
}

/** An empty page in a browser of its own, that of somebody whom no server knows. */
export async function openPage(browser: Browser, options: VisitOptions = {}): Promise<Visit> {
  const { dark = false, motion = false, width = 1440, height = 900, expected = () => false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: motion ? "no-preference" : "reduce",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !expected(message)) faults.push(`console: ${message.text()}`);
  });
  const said: string[] = [];
  await page.exposeBinding("noteMessage", (_, text: string) => void said.push(text));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(
        `policy: ${location.origin} ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`,
      );
    });
    const { noteMessage } = globalThis as unknown as { noteMessage: (text: string) => void };
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
        if (node instanceof Element && node.matches(".toast"))
          noteMessage(node.querySelector("span")?.textContent ?? "");
    }).observe(document, { childList: true, subtree: true });
  });
  return { page, context, faults, said, close: () => context.close() };
}

/** What axe-core finds against WCAG 2.2 AA and its own good practice, once the page is at rest; one line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  return await atRest(page, async () => {
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

/** What on the page moves, or would for longer than a frame; one line an element. */
export async function movingElements(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const seconds = (list: string): number => Math.max(...list.split(",").map((text) => parseFloat(text)));
    const name = (element: Element): string =>
      `${element.localName}.${element.getAttribute("class") ?? ""}`.replaceAll(/\s+/g, ".");
    const styled = [...document.querySelectorAll("*")].flatMap((element) =>
      ["", "::before", "::after"].flatMap((part) => {
        const style = getComputedStyle(element, part);
        const animated = style.animationName !== "none" && seconds(style.animationDuration) > 0.001;
        const changing = seconds(style.transitionDuration) > 0.001;
        const scrolling = style.scrollBehavior === "smooth";
        return animated || changing || scrolling ? [`${name(element)}${part}`] : [];
      }),
    );
    const scripted = document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 1)
      .map(({ effect }) => (effect instanceof KeyframeEffect && effect.target ? name(effect.target) : "?"));
    return [...new Set([...styled, ...scripted])];
  });
}

/** By how many pixels the page is wider than the window, once it is at rest. */
export async function overflow(page: Page): Promise<number> {
  const [pixels = 0] = await atRest(page, () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth === clientWidth ? [] : [scrollWidth - clientWidth];
    }),
  );
  return pixels;
}

/**
 * What is found and stays for some seconds: a live page that is looked at in the middle of a change is no finding. On a busy machine, where
 * a look takes seconds, it stays for some looks.
 */
async function atRest<T>(page: Page, find: () => Promise<T[]>): Promise<T[]> {
  const end = performance.now() + 10_000;
  for (let looks = 1; ; looks++) {
    await settle(page);
    const found = await find();
    if (found.length === 0 || (looks > 5 && performance.now() > end)) return found;
  }
}

/** Waits for charts that come in files of their own, for what the server works out for them, and for their first frame. */
export async function chartsDrawn(page: Page): Promise<void> {
  // A page that follows a study is never idle; this much is enough for its files.
  await page.waitForLoadState("networkidle", { timeout: 1_500 }).catch(() => undefined);
  await page.waitForFunction(() => {
    const charts = [...document.querySelectorAll(".layercake-container")];
    return (
      !document.body.innerText.includes("Working it out") &&
      charts.every(({ childElementCount }) => childElementCount > 0)
    );
  });
  await drawn(page);
}

/** Waits until the last change is laid out and drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
}

/** Waits until the last change is drawn, and what it set in motion has arrived. */
async function settle(page: Page): Promise<void> {
  await drawn(page);
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Keeps a picture of what is on the screen, or of the whole page, under test/artefacts/browser. */
export async function keepPicture(
  page: Page,
  name: string,
  options: { whole?: boolean } = {},
): Promise<void> {
  const folder = join(root, "test/artefacts/browser");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: options.whole === true });
}
