import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, overflow } from "./support/visit.ts";

const point = { lr: 0.01, layers: 3, optimizer: "adam" };

describe.skipIf(leaveOutBrowser("editing and cancelling trials that wait"))(
  "the page of a trial that waits",
  () => {
    const server = useTestServer();
    const browser = useBrowser();

    /** A study with one trial that waits; the path of that trial's page. */
    async function prepare(studyId: string): Promise<string> {
      const study = { parameters, objectives: [{ name: "loss" }] };
      await call(server, "StudyService/CreateStudy", { studyId, study });
      await call(server, "TrialService/EnqueueTrials", { study: studyId, trials: [{ params: point }] });
      return `/projects/default/studies/${studyId}/trials/0`;
    }
    const open = async (page: Page) => {
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Edit trial 0" });
      await dialog.getByLabel("lr").waitFor();
      return dialog;
    };
    const read = async (study: string) =>
      (
        await call<{ trial: { params: object; failure: string; state: string } }>(
          server,
          "TrialService/GetTrial",
          { trial: `${study}/trials/0` },
        )
      ).trial;

    it("edits its point, says which field the server refuses, and shows what it was before", async () => {
      for (const [dark, width] of [
        [false, 1440],
        [true, 320],
      ] as const) {
        const name = `edited-${width}`;
        const options = { dark, width };
        const { page, said, close } = await browser.visit(server, await prepare(name), options);
        const dialog = await open(page);
        await expect.poll(() => dialog.getByLabel("lr").inputValue()).toBe("0.01");
        await dialog.getByLabel("lr").fill("2");
        await dialog.getByLabel("momentum").fill("0.5");
        await dialog.getByRole("button", { name: "Save point" }).click();
        await dialog.getByText(/^2 is not accepted: expected a number from 0.00001 to 0.1/).waitFor();
        await dialog
          .getByText(/active only where optimizer is "sgd"/)
          .first()
          .waitFor();
        await expect.poll(() => dialog.getByLabel("lr").getAttribute("aria-invalid")).toBe("true");
        await keepPicture(page, `trial-edit-${dark ? "dark" : "light"}-${width}`);
        expect(await axeFindings(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await dialog.getByLabel("lr").fill("0.02");
        await dialog.getByLabel("optimizer").selectOption("sgd");
        await dialog.getByRole("button", { name: "Save point" }).click();
        await expect.poll(() => said).toContain("Trial 0 waits with its new point.");
        const table = page.getByRole("table", { name: /^Points that the trial had/ });
        await expect
          .poll(() => table.getByRole("row").nth(1).innerText())
          .toMatch(/0\.01\s+3\s+adam\s+–\s+\d/);
        expect(await axeFindings(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await keepPicture(page, `trial-edited-${dark ? "dark" : "light"}-${width}`);
        const edited = { lr: 0.02, layers: 3, optimizer: "sgd", momentum: 0.5 };
        expect((await read(name)).params).toEqual(edited);
        expect((await ask(server, name)).params).toEqual(edited);
        await page.getByRole("button", { name: "Edit", exact: true }).waitFor({ state: "hidden" });
        await close();
      }
    });

    it("keeps what is typed when somebody else edits meanwhile, and says so", async () => {
      const { page } = await browser.visit(server, await prepare("contested"));
      const dialog = await open(page);
      await dialog.getByLabel("layers").fill("7");
      await call(server, "TrialService/EditTrial", {
        trial: "contested/trials/0",
        params: { ...point, lr: 0.05 },
      });
      await dialog.getByText("Somebody has changed the trial meanwhile.").waitFor();
      expect(await dialog.getByLabel("layers").inputValue()).toBe("7");
      await expect.poll(() => dialog.getByRole("button", { name: "Save point" }).isDisabled()).toBe(true);
      await dialog.getByRole("button", { name: "Show it as it is now" }).click();
      await expect.poll(() => dialog.getByLabel("lr").inputValue()).toBe("0.05");
      await dialog.getByLabel("layers").fill("8");
      await dialog.getByRole("button", { name: "Save point" }).click();
      await dialog.waitFor({ state: "hidden" });
      expect((await read("contested")).params).toEqual({ ...point, lr: 0.05, layers: 8 });
    });

    it("says that a worker has taken it while somebody typed", async () => {
      const { page } = await browser.visit(server, await prepare("taken"));
      const dialog = await open(page);
      await ask(server, "taken");
      await dialog.getByText(/^A worker has the trial by now/).waitFor();
      await expect.poll(() => dialog.getByRole("button", { name: "Save point" }).isDisabled()).toBe(true);
    });

    it("cancels it for a reason that others can read", async () => {
      const { page } = await browser.visit(server, await prepare("cancelled"));
      await page.getByRole("button", { name: "Cancel trial" }).click();
      const dialog = page.getByRole("dialog", { name: "Cancel trial 0?" });
      await dialog.getByLabel("Why").fill("the wrong data set");
      expect(await axeFindings(page)).toEqual([]);
      await keepPicture(page, "trial-cancel");
      await dialog.getByRole("button", { name: "Cancel trial" }).click();
      await page.getByRole("heading", { name: "Why it failed" }).waitFor();
      await page.getByText("the wrong data set").waitFor();
      await page.getByRole("button", { name: "Cancel trial" }).waitFor({ state: "hidden" });
      expect(await read("cancelled")).toMatchObject({
        state: "TRIAL_STATE_FAILED",
        failure: "the wrong data set",
      });
    });
  },
);
