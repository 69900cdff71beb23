import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { fillStudy } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { chartsDrawn, movingElements } from "./support/visit.ts";

const study = "/projects/default/studies";

/** Pages with charts, and how many. */
const charted = [
  { path: `${study}/single`, count: 4 },
  { path: `${study}/double`, count: 6 },
  { path: `${study}/single/analysis`, count: 8 },
  { path: `${study}/double/analysis`, count: 10 },
];

describe.skipIf(leaveOutBrowser("what a study's pages offer"))("the pages of a study", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    await fillStudy(server, "single");
    await fillStudy(server, "double", ["error", "latency"]);
  });

  const settle = async (page: Page, ready: string): Promise<void> => {
    await page.locator(`role=${ready}`).first().waitFor();
    await chartsDrawn(page);
  };

  it("moves only for visitors who have not asked for reduced motion", async () => {
    const { page } = await browser.visit(server, `${study}/single`, { motion: true });
    await settle(page, "heading[name='Learning curves']");
    await page.getByText("Live", { exact: true }).waitFor();
    await expect.poll(async () => (await movingElements(page)).join(" ")).toMatch(/dot/);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await expect.poll(() => movingElements(page)).toEqual([]);
  });

  it("can be walked by keyboard alone: skip link, charts, trial", async () => {
    const { page } = await browser.visit(server, `${study}/single`);
    await settle(page, "heading[name='Learning curves']");
    await page.keyboard.press("Tab");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe("Skip to the content");
    await page.getByRole("application", { name: /History of loss/ }).focus();
    await page.keyboard.press("Home");
    await page.getByRole("status").getByText("Trial 0", { exact: true }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/trials\/\d+$/);
  });

  it("a study's page comes in under 150 kB gzip, everything that it loads by itself included", async () => {
    const { page } = await browser.visit(server, `${study}/single`);
    await settle(page, "heading[name='Workers over time']");
    const paths = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
    );
    const files = [...new Set(paths)].filter((path) => path.startsWith("/_app/immutable/"));
    const sizes = await Promise.all(
      ["/200.html", ...files].map(
        async (file) => (await stat(join(root, "dashboard/build", `${file}.gz`))).size,
      ),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`a study's page: ${files.length} files, ${(total / 1000).toFixed(1)} kB gzip`);
    expect(files.length).toBeGreaterThan(5);
    expect(total).toBeLessThan(150_000);
  });

  it.each(charted)("saves every chart of $path as PNG, SVG and CSV", async ({ path, count }) => {
    const { page } = await browser.visit(server, path);
    const menus = page.getByRole("button", { name: /: table and files$/ });
    await expect.poll(() => menus.count()).toBe(count);
    await chartsDrawn(page);
    const charts = await menus.evaluateAll((all) => all.map((menu) => menu.getAttribute("aria-label")));
    for (const chart of charts) {
      const menu = page.getByRole("button", { name: chart ?? "", exact: true });
      // Its trials have not reported on their way.
      if (path.includes("double") && /^(Learning curves|What pruning saved)/.test(chart ?? "")) continue;
      for (const kind of ["PNG", "SVG", "CSV"] as const) {
        await menu.click();
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("menuitem", { name: kind }).click(),
        ]);
        const content = await readFile(await download.path());
        if (kind === "PNG") {
          expect(content.subarray(1, 4).toString(), chart ?? "").toBe("PNG");
          expect(content.readUInt32BE(16), chart ?? "").toBeGreaterThan(800);
        } else if (kind === "SVG") {
          expect(content.toString(), chart ?? "").toMatch(/^<svg /);
          // The paper is a rectangle, too.
          expect(content.toString().match(/<(path|image|rect|circle) /g)?.length).toBeGreaterThan(1);
          // Not in the pictures of canvas layers, whose base64 may hold any letters.
          expect(content.toString().replace(/data:[^"]*/g, ""), chart ?? "").not.toContain("NaN");
        } else expect(content.toString().split("\r\n").length, chart ?? "").toBeGreaterThan(2);
      }
    }
  });

  it.each(charted)(
    "zooms every chart of $path along its axis and hides what its legend names",
    async ({ path }) => {
      const { page } = await browser.visit(server, path);
      await chartsDrawn(page);
      const charts = page
        .locator("figure")
        .filter({ has: page.getByRole("button", { name: /: table and files$/ }) });
      const zoomed: string[] = [];
      for (const chart of await charts.all()) {
        const title = await chart.locator("h2").innerText();
        for (const entry of await chart.locator(".legend button[aria-pressed]").all()) {
          await entry.click();
          await expect.poll(() => entry.getAttribute("aria-pressed"), { message: title }).toBe("false");
          await entry.click();
          await expect.poll(() => entry.getAttribute("aria-pressed"), { message: title }).toBe("true");
        }
        const menu = chart.getByRole("button", { name: /: table and files$/ });
        await menu.click();
        const half = page.getByRole("menuitem", { name: "Zoom to the right half" });
        if ((await half.count()) === 0) {
          await page.keyboard.press("Escape");
          continue;
        }
        const axis = () => chart.locator("svg text").allTextContents();
        const whole = await axis();
        await half.click();
        const reset = chart.getByRole("button", { name: "Reset zoom" });
        await reset.waitFor();
        await expect.poll(axis, { message: title }).not.toEqual(whole);
        const part = await axis();
        await reset.click();
        // Not what was there before: a trial that runs moves the end of the time that there is.
        await expect.poll(axis, { message: title }).not.toEqual(part);
        await reset.waitFor({ state: "detached" });
        zoomed.push(title);
      }
      expect(zoomed.length).toBeGreaterThanOrEqual(2);
      if (path.endsWith("/analysis")) expect(zoomed).toEqual(expect.arrayContaining(["Slices", "Contour"]));
    },
  );

  it("draws only what lies in the part that somebody dragged over", async () => {
    const { page } = await browser.visit(server, `${study}/single`);
    await chartsDrawn(page);
    const chart = page
      .locator("figure")
      .filter({ has: page.getByRole("heading", { name: "History of loss" }) });
    const plane = chart.getByRole("application");
    const marks = () =>
      chart
        .locator("svg g[aria-hidden] path.completed, svg g[aria-hidden] path.pruned")
        .evaluateAll((all) =>
          all.reduce((sum, path) => sum + (path.getAttribute("d")?.match(/M/g)?.length ?? 0), 0),
        );
    const all = await marks();
    const { width, height } = (await plane.boundingBox()) ?? { width: 0, height: 0 };
    await plane.hover({ position: { x: 0.02 * width, y: height / 2 } });
    await page.mouse.down();
    const box = (await plane.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(box.x + 0.3 * width, box.y + height / 2, { steps: 4 });
    await page.mouse.up();
    await chart.getByRole("button", { name: "Reset zoom" }).waitFor();
    await expect.poll(marks).toBeLessThan(all / 2);
    expect(await marks()).toBeGreaterThan(0);
    await plane.dblclick({ position: { x: width / 2, y: 2 } });
    await expect.poll(marks).toBe(all);
  });

  it("offers the same numbers as a table under each chart", async () => {
    const { page } = await browser.visit(server, `${study}/single`);
    await settle(page, "heading[name='Learning curves']");
    await page.getByRole("button", { name: "History of loss: table and files" }).click();
    await page.getByRole("menuitem", { name: "Show as table" }).click();
    const table = page.getByRole("table", { name: "History of loss, data" });
    await table.waitFor();
    await expect.poll(() => table.getAttribute("aria-rowcount")).toBe("13");
  });

  it("picks ranges in parallel coordinates that the address and the trials keep", async () => {
    const { page } = await browser.visit(server, `${study}/single/analysis?pick=values.loss~0~0.5`);
    await settle(page, "heading[name='Parallel coordinates']");
    await page.getByText(/^[1-9]\d* of 12 trials$/).waitFor();
    await page.getByLabel("Pick a range on an axis").selectOption({ label: "lr" });
    await page.getByLabel("lr to").fill("50");
    await expect.poll(() => page.url()).toContain("params.lr");
    await page.getByRole("button", { name: "Clear ranges" }).click();
    await expect.poll(() => page.url()).not.toContain("pick");
  });

  it("filters trials by the server's own expressions and explains a wrong one", async () => {
    const { page } = await browser.visit(server, `${study}/single/trials?filter=values.loss+%3C%3D+0.5`);
    await settle(page, "grid[name='Trials']");
    await expect.poll(() => page.locator("#filter-problem").innerText()).toMatch(/^[1-9]\d* of 14 trials$/);
    await page.getByLabel("Filter trials").fill("params.nothing > 1");
    await page
      .getByText(/nothing/)
      .first()
      .waitFor();
  });
});
