import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, startTestServer } from "../support/server.ts";
import { call, parameters } from "./support/api.ts";
import { leaveOutBrowser, startBrowser } from "./support/chromium.ts";
import { keepPicture, visit } from "./support/visit.ts";

const TRIALS = 10_000;

describe.skipIf(leaveOutBrowser("the dashboard with a large study"))(
  "a study of 10,000 trials",
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let server: TestServer;

    beforeAll(async () => {
      browser = await startBrowser();
      server = await startTestServer();
      await call(server, "StudyService/CreateStudy", {
        studyId: "large",
        study: { parameters: parameters.slice(0, 3), objectives: [{ name: "loss" }] },
      });
      for (let first = 0; first < TRIALS; first += 2_000) {
        const trials = Array.from({ length: 2_000 }, (_, i) => {
          // A fixed sequence that fills the unit interval evenly (golden ratio).
          const u = ((first + i) * 0.6180339887498949) % 1;
          const params = { lr: 10 ** (-5 + 4 * u), layers: 1 + (i % 8), optimizer: "adam" };
          return { params, values: [0.1 + (u - 0.4) ** 2 + (i % 8) / 100] };
        });
        await call(server, "TrialService/ImportTrials", { study: "large", trials });
      }
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });

    it("is on the screen in two seconds, whole, and stays small in the document", async () => {
      const { page, faults, close } = await visit(browser, server, "/projects/default/studies/large");
      await page.locator("figure canvas").first().waitFor();
      await page.getByText("10,000", { exact: true }).first().waitFor();
      const painted = await page.evaluate(
        () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      );
      await page.getByRole("button", { name: /^Completed\s*10,000$/ }).waitFor();
      const whole = await page.evaluate(() => performance.now());
      console.log(
        `10,000 trials: first paint ${Math.round(painted ?? NaN)} ms, all drawn ${Math.round(whole)} ms`,
      );
      expect(painted).toBeLessThan(2_000);
      expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(2_000);
      await keepPicture(page, "large-overview");
      expect(faults).toEqual([]);
      await close();
    });

    it("can be scrolled from the first trial to the last with a window of rows", async () => {
      const { page, close } = await visit(
        browser,
        server,
        "/projects/default/studies/large/trials?sort=number",
      );
      const grid = page.getByRole("grid", { name: "Trials" });
      await expect.poll(() => grid.getAttribute("aria-rowcount"), { timeout: 10_000 }).toBe("10001");
      await grid.focus();
      await page.keyboard.press("End");
      await grid.getByRole("row", { name: "Trial 9999" }).waitFor();
      expect(await grid.getByRole("row").count()).toBeLessThan(80);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Trial 9999" }).waitFor();
      await close();
    });
  },
);
