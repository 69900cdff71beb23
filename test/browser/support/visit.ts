import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type TestServer, root } from "../../support/server.ts";

export interface VisitOptions {
  readonly dark?: boolean;
  /** Whether the visitor lets things move. Default: they have asked for reduced motion. */
  readonly motion?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** A page of the dashboard, and everything that went wrong on it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, of the console and of the content security policy, in order. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Opens an address of the dashboard as somebody who holds the server's token. */
export async function visit(
  browser: Browser,
  server: TestServer,
  path: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const { dark = false, motion = false, width = 1440, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: motion ? "no-preference" : "reduce",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  await page.goto(`${server.url}${path}#token=${server.token}`);
  return { page, context, faults, close: () => context.close() };
}

/** What axe-core finds against WCAG 2.2 AA and its own good practice; one line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  await settle(page);
  const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
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

/** By how many pixels the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
  await settle(page);
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
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
