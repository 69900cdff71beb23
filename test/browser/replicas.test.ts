import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type TestServer, startTestServer } from "../support/server.ts";
import { ask, call, parameters } from "./support/api.ts";
import { leaveOutBrowser, startBrowser } from "./support/chromium.ts";
import { visit } from "./support/visit.ts";

/** A machine that does something else meanwhile takes its time. */
const patience = { timeout: 60_000 };

describe.skipIf(leaveOutBrowser("the dashboard over two replicas"))(
  "a page of one replica",
  { timeout: 600_000 },
  () => {
    const database = useTestPostgres();
    const env = () => ({ DATABASE_URL: database.url });
    let browser: Browser;
    let shown: TestServer;
    let other: TestServer;

    beforeAll(async () => {
      browser = await startBrowser();
      shown = await startTestServer({ env: env() });
      other = await startTestServer({ env: env() });
    });
    afterAll(async () => {
      await browser?.close();
      await Promise.all([shown?.stop(), other?.stop()]);
    });

    const create = (studyId: string) =>
      call(other, "StudyService/CreateStudy", {
        studyId,
        study: { parameters, objectives: [{ name: "loss" }] },
      });
    const open = async (studyId: string) => {
      await create(studyId);
      const visited = await visit(browser, shown, `/projects/default/studies/${studyId}`);
      await visited.page.getByText("Live", { exact: true }).waitFor(patience);
      return visited;
    };
    /** A worker at the other replica does one trial. */
    const work = async (study: string, value: number): Promise<number> => {
      const { name, number, leaseToken } = await ask(other, study);
      await call(other, "TrialService/TellTrial", { trial: name, leaseToken, values: [value] });
      return number;
    };

    it("shows what workers tell the other one, and what somebody steers there", async () => {
      const { page, faults, close } = await open("across");
      for (let value = 5; value > 0; value--) {
        const number = await work("across", value);
        await page
          .getByRole("link", { name: `trial ${number}`, exact: true })
          .first()
          .waitFor(patience);
      }
      await call(other, "StudyService/PauseStudy", { study: "across" });
      await page.getByText("Paused", { exact: true }).waitFor(patience);
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByText("Active", { exact: true }).waitFor(patience);
      expect((await ask(other, "across")).number).toBe(5);
      expect(faults).toEqual([]);
      await close();
    });

    it("goes on by itself after its replica was killed, and misses nothing of the meantime", async () => {
      const { page, close } = await open("killed");
      await work("killed", 9);
      await page.getByRole("link", { name: "trial 0", exact: true }).first().waitFor(patience);
      const port = Number(new URL(shown.url).port);
      await shown.kill();
      await page.getByText(/Disconnected/).waitFor(patience);
      for (let value = 8; value > 4; value--) await work("killed", value);
      shown = await startTestServer({ env: env(), port });
      await page.getByText("Live", { exact: true }).waitFor(patience);
      await page.getByRole("link", { name: "trial 4", exact: true }).first().waitFor(patience);
      await page
        .getByRole("button", { name: /^Completed\s*5$/ })
        .first()
        .waitFor(patience);
      await expect.poll(() => page.getByText(/Disconnected/).count()).toBe(0);
      await close();
    });

    it("says that the browser is offline, and shows what was missed once it is back", async () => {
      const { page, context, close } = await open("offline");
      await context.setOffline(true);
      await page.getByText(/Disconnected/).waitFor(patience);
      await work("offline", 1);
      await context.setOffline(false);
      await page.getByRole("link", { name: "trial 0", exact: true }).first().waitFor(patience);
      await page.getByText("Live", { exact: true }).waitFor(patience);
      await expect.poll(() => page.getByText(/Disconnected/).count()).toBe(0);
      await close();
    });
  },
);
