import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestServer } from "../support/use-server.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { fillLarge, lossAt } from "./support/large.ts";
import { useBrowser } from "./support/use-browser.ts";
import { chartsDrawn, keepPicture } from "./support/visit.ts";

const TRIALS = 100_000;
/** A machine that does something else meanwhile takes its time. */
const patience = { timeout: 60_000 };

describe.skipIf(leaveOutBrowser("the dashboard with a large study"))("a study of 100,000 trials", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    await fillLarge(server, "large", TRIALS);
  }, 600_000);

  const open = (path: string) => browser.visit(server, `/projects/default/studies/large${path}`);
  const rowsOf = (page: Page) => page.getByRole("grid", { name: "Trials" }).getAttribute("aria-rowcount");

  it("is drawn whole, and stays small in the document and in memory", async () => {
    const { page, context } = await open("");
    await page.getByRole("button", { name: /^Completed\s*100,000$/ }).waitFor(patience);
    await page.getByRole("progressbar", { name: "Loading trials" }).waitFor({ state: "detached" });
    await chartsDrawn(page);
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(2_000);
    const inspector = await context.newCDPSession(page);
    await inspector.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await inspector.send("Runtime.getHeapUsage");
    console.log(
      `100,000 trials: ${((usedSize + backingStorageSize) / 1e6).toFixed(1)} MB after a collection`,
    );
    // The columns take 9 MB, and the chart's copies a few more; as messages the trials would take 150 MB.
    expect(usedSize + backingStorageSize).toBeLessThan(60e6);
    await keepPicture(page, "large-overview");
  });

  it("can be walked from the first trial to the last with a window of rows", async () => {
    const { page } = await open("/trials?sort=number");
    const grid = page.getByRole("grid", { name: "Trials" });
    await expect.poll(() => rowsOf(page), patience).toBe("100001");
    await grid.focus();
    await page.keyboard.press("End");
    await grid.getByRole("row", { name: "Trial 99999" }).waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Trial 99999" }).waitFor();
  });

  it("is sorted, filtered, selected from, compared and saved", async () => {
    const { page } = await open("/trials");
    const grid = page.getByRole("grid", { name: "Trials" });
    await expect.poll(() => rowsOf(page), patience).toBe("100001");

    // The definition, evaluated here, says which trials come first.
    const best = Array.from({ length: TRIALS }, (_, number) => number).toSorted(
      (a, b) => lossAt(a) - lossAt(b) || a - b,
    );
    await grid.getByRole("button", { name: "loss" }).click();
    await expect
      .poll(() => grid.getByRole("row").nth(1).getAttribute("aria-label"), patience)
      .toBe(`Trial ${best[0]}`);

    await page.getByRole("searchbox", { name: "Filter trials" }).fill("params.layers = 3 AND number < 80000");
    const matching = best.filter((number) => 1 + (number % 8) === 3 && number < 80_000);
    await expect.poll(() => rowsOf(page), patience).toBe(String(matching.length + 1));

    await page.getByRole("button", { name: "Save" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "All 10,000 shown as CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n").slice(1);
    expect(lines.map((line) => Number(line.split(",")[0]))).toEqual(matching);

    await grid.getByLabel(`Select trial ${matching[0]}`, { exact: true }).click();
    await grid.getByLabel(`Select trial ${matching[2]}`, { exact: true }).click({ modifiers: ["Shift"] });
    await page.getByText("3 trials selected").waitFor();
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("heading", { name: "Side by side" }).waitFor();
    await page.getByRole("button", { name: `Take trial ${matching[1]} out` }).waitFor();
  });
});
