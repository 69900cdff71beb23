import type { Page } from "playwright-core";
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

    /**
     * Opens a page whose connection breaks whenever it asks for a script that holds these words, which must be one that it can do without at
     * first. It is so from the beginning: a page that is there already may go on for a moment as it was.
     */
    async function visitWithout(
      words: string,
      path: string,
    ): Promise<{ page: Page; mend: () => Promise<void> }> {
      const { page, context } = await browser.openPage({ expected: isLostConnection });
      await context.route("**/_app/immutable/**/*.js", async (route) => {
        const response = await route.fetch();
        if ((await response.text()).includes(words)) await route.abort("connectionreset");
        else await route.fulfill({ response });
      });
      await page.goto(`${server.url}${path}#token=${server.token}`);
      return { page, mend: () => context.unrouteAll({ behavior: "wait" }) };
    }

    it("is said in its place, the rest of the page works, and loading the page again mends it", async () => {
      const { page, mend } = await visitWithout("Workers over time", "/");
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
      const { page, mend } = await visitWithout(words, study);
      const enqueue = page.getByRole("button", { name: "Enqueue" });
      await enqueue.waitFor();
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
