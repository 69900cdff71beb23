import type { Browser } from "playwright-core";
import { visit } from "../../browser/support/visit.ts";
import type { TestServer } from "../../support/server.ts";
import { cpuTimeOf } from "./cpu-time.ts";
import { memoryOf } from "./memory.ts";
import { readTrace } from "./trace.ts";

/** Milliseconds since the navigation began, but for the durations of tasks; memory in bytes. */
export interface FirstLoad {
  readonly firstPaint: number;
  readonly largestPaint: number;
  /** When the first canvas of the history was there. */
  readonly firstChart: number;
  /** When every trial was drawn. */
  readonly whole: number;
  /** By how much tasks of the page's thread exceeded 50 ms, summed, from the first paint until all was drawn. */
  readonly blocking: number;
  readonly longestTask: number;
  /** CPU of the browser, the server and PostgreSQL together until then: no less than `whole` on a single core that does nothing else. */
  readonly cpu: number;
  readonly memory: number;
}

/** Opens a study in a browser that has nothing of it, under Chromium's own tracing. */
export async function measureFirstLoad(
  browser: Browser,
  server: TestServer,
  studyId: string,
  trials: number,
): Promise<FirstLoad> {
  const empty = await browser.newContext();
  await empty.newPage();
  await browser.startTracing(undefined, {
    categories: ["toplevel", "loading", "blink.user_timing", "__metadata", "devtools.timeline"],
  });
  // The server and its PostgreSQL are children of this process, as the browser is.
  const before = await cpuTimeOf(process.pid);
  const { page, close } = await visit(browser, server, `/projects/default/studies/${studyId}`);
  await page.locator("figure canvas").first().waitFor({ timeout: 120_000 });
  const firstChart = await page.evaluate(() => performance.now());
  const count = trials.toLocaleString("en-GB");
  await page
    .getByRole("button", { name: new RegExp(`^Completed\\s*${count}$`) })
    .waitFor({ timeout: 120_000 });
  const whole = await page.evaluate(() => performance.now());
  const cpu = (await cpuTimeOf(process.pid)) - before;
  const trace = readTrace(await browser.stopTracing(), new URL(page.url()).pathname);
  const blocking = trace.tasks
    .filter(({ start }) => start >= trace.firstPaint && start <= whole)
    .reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0);
  const longestTask = Math.max(...trace.tasks.map(({ duration }) => duration));
  const { firstPaint, largestPaint } = trace;
  const memory = await memoryOf(page);
  await close();
  await empty.close();
  return { firstPaint, largestPaint, firstChart, whole, blocking, longestTask, cpu, memory };
}
