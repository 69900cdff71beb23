import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, overflow } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("the workers of all studies"))("the page of all workers", () => {
  const server = useTestServer();
  const browser = useBrowser();
  beforeAll(async () => {
    for (const studyId of ["vision", "speech"]) {
      await call(server, "StudyService/CreateStudy", {
        studyId,
        study: { parameters, objectives: [{ name: "loss" }], leaseDuration: "600s" },
      });
    }
  });

  async function tell(study: string, worker: string, outcome: object): Promise<void> {
    const { name: trial, leaseToken } = await ask(server, study, worker);
    await call(server, "TrialService/TellTrial", { trial, leaseToken, ...outcome });
  }

  it("teaches while there are none, and shows the first by itself", async () => {
    const { page } = await browser.visit(server, "/workers");
    await page.getByRole("heading", { name: "Nobody has asked for a trial yet" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const trial = await ask(server, "vision", "node-good");
    const row = page.getByRole("row", { name: "Worker node-good" });
    await row.getByText("Working").waitFor();
    await row.getByRole("link", { name: `vision #${trial.number}` }).waitFor();
    await expect.poll(() => row.innerText()).toMatch(/of lease left/);
    await call(server, "TrialService/TellTrial", {
      trial: trial.name,
      leaseToken: trial.leaseToken,
      values: [1],
    });
    await row.getByText("Idle").waitFor();
  });

  it("says in a sentence who fails everything, in which study, and why", async () => {
    await tell("speech", "node-good", { values: [0.4] });
    for (const study of ["vision", "speech", "speech"])
      await tell(study, "node-bad", { failure: "Traceback\nCUDA error: device lost" });
    await ask(server, "speech", "node-good");
    const { page } = await browser.visit(server, "/workers");
    await page.getByText("One worker fails while another gets on: look at that machine").waitFor();
    await page.getByText(/has failed all of its 3 trials/).waitFor();
    await page.getByText("CUDA error: device lost").waitFor();
    await expect
      .poll(() => page.getByRole("row", { name: "Worker node-bad" }).innerText())
      .toMatch(/Failing[^]*3\s*100%/);
    for (const dark of [false, true]) {
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      await keepPicture(page, `all-workers-${dark ? "dark" : "light"}`);
      expect(await axeFindings(page)).toEqual([]);
    }
    // The address holds what is shown.
    await page.getByText(/^Failing 1$/).click();
    await page.waitForURL(/show=failing/);
    await expect.poll(() => page.getByRole("row", { name: /^Worker node/ }).count()).toBe(1);
    await page.getByLabel("Search workers by name").fill("nobody");
    await page.getByRole("button", { name: "Show all workers" }).click();
    await page.setViewportSize({ width: 320, height: 800 });
    await page.getByRole("row", { name: "Worker node-good" }).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("link", { name: /^trial \d+ of speech$/ }).click();
    await page.getByRole("heading", { name: "Why this point" }).waitFor();
  });
});
