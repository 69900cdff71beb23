import type { BrowserContext } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestServer } from "../support/use-server.ts";
import { fillStudy } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, isLostConnection, keepPicture } from "./support/visit.ts";

const study = "/projects/default/studies/single";

describe.skipIf(leaveOutBrowser("parts of a page that do not come"))(
  "a part of a page whose file does not come",
  () => {
    const server = useTestServer();
    const browser = useBrowser();

    beforeAll(async () => {
      await fillStudy(server, "single");
    });

    /** Breaks the connection whenever the browser asks for a script that holds these words. Answers what mends it. */
    async function breakScript(context: BrowserContext, words: string): Promise<() => Promise<void>> {
      const scripts = "**/_app/immutable/**/*.js";
      await context.route(scripts, async (route) => {
        const response = await route.fetch();
        if ((await response.text()).includes(words)) await route.abort("connectionreset");
        else await route.fulfill({ response });
      });
      return () => context.unroute(scripts);
    }

    it("is said in its place, the rest of the page works, and loading the page again mends it", async () => {
      const { page, context } = await browser.visit(server, "/", { expected: isLostConnection });
      await page.getByRole("link", { name: "A study of loss" }).waitFor();
      const mend = await breakScript(context, "Workers over time");
      await page.getByRole("link", { name: "A study of loss" }).click();
      const notice = page.getByRole("alert").filter({ hasText: "A part of this page could not be loaded." });
      await notice.waitFor();
      await page.getByRole("heading", { name: "Learning curves" }).waitFor();
      expect(await notice.count()).toBe(1);
      expect(await axeFindings(page)).toEqual([]);
      await keepPicture(page, "not-loaded");
      await mend();
      await notice.getByRole("button", { name: "Reload the page" }).click();
      await page.getByRole("heading", { name: "Workers over time" }).waitFor();
      await expect.poll(() => notice.count()).toBe(0);
    });

    it.each([
      { what: "the help", words: "Compare what is selected", key: "?", dialog: "Keyboard" },
      { what: "a dialog", words: "The next worker that asks gets this point", dialog: "Enqueue a trial" },
    ])("is said in sight when it is $what", async ({ words, key, dialog }) => {
      const { page, context } = await browser.visit(server, study, { expected: isLostConnection });
      const enqueue = page.getByRole("button", { name: "Enqueue" });
      await enqueue.waitFor();
      const mend = await breakScript(context, words);
      const ask = () => (key === undefined ? enqueue.click() : page.keyboard.press(key));
      await ask();
      const reload = page.getByRole("alert").getByRole("button", { name: "Reload the page" });
      await expect
        .poll(() => reload.evaluate((button) => button.getBoundingClientRect().bottom <= innerHeight))
        .toBe(true);
      await mend();
      await reload.click();
      await reload.waitFor({ state: "detached" });
      await enqueue.waitFor();
      await ask();
      await page.getByRole("dialog", { name: dialog }).waitFor();
    });
  },
);
