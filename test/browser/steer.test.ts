import { describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture } from "./support/visit.ts";

const base = "/projects/default/studies";

describe.skipIf(leaveOutBrowser("steering a study by its pages"))("somebody who steers a study", () => {
  const server = useTestServer();
  const browser = useBrowser();

  const create = (studyId: string, study: object = {}): Promise<unknown> =>
    call(server, "StudyService/CreateStudy", {
      studyId,
      study: { parameters, objectives: [{ name: "loss" }], ...study },
    });

  it("writes a note with a preview, and nothing in it runs", async () => {
    await create("noted");
    const { page, said } = await browser.visit(server, `${base}/noted/notes`);
    await page.getByRole("button", { name: "Write a note" }).click();
    const text = "# Plan\n\n- try **lion**\n- <img src=x onerror=alert(1)>\n\n[bad](javascript:alert(1))";
    await page.getByLabel("Note, in Markdown").fill(text);
    await page.getByRole("region", { name: "Preview" }).getByRole("heading", { name: "Plan" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);

    // A click elsewhere does not lose it.
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("button", { name: "Go on writing" }).click();
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => said).toContain("The note is saved.");
    const { study } = await call<{ study: { note: string } }>(server, "StudyService/GetStudy", {
      study: "noted",
    });
    expect(study.note).toBe(text);
    expect(await page.locator("main img, main a[href^='javascript']").count()).toBe(0);
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
  });

  it("is told when somebody else saves another note meanwhile, and loses neither", async () => {
    await create("contested", { note: "first" });
    const { page, said } = await browser.visit(server, `${base}/contested/notes`);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Note, in Markdown").fill("mine");
    await call(server, "StudyService/UpdateStudy", {
      study: { name: "projects/default/studies/contested", note: "theirs" },
      updateMask: "note",
    });
    await page.getByText("Somebody has saved another note meanwhile.").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Save note" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save note" }).click();
    await expect.poll(() => said).toContain("The note is saved.");
  });

  it("enqueues a point from the header of any tab, and the next worker gets it", async () => {
    await create("queued");
    const { page, said } = await browser.visit(server, `${base}/queued/workers`);
    await page.getByRole("button", { name: "Enqueue" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("lr").fill("0.01");
    await dialog.getByRole("button", { name: "Enqueue" }).click();
    await expect.poll(() => said).toContain("Trial 0 waits for the next worker that asks.");
    expect((await ask(server, "queued")).params["lr"]).toBe(0.01);
  });

  it("raises the budget of a finished study, is told to resume it, and it goes on", async () => {
    await create("raised", { maxTrials: 1 });
    const { name: trial, leaseToken } = await ask(server, "raised");
    await call(server, "TrialService/TellTrial", { trial, leaseToken, values: [0.5] });
    const { page, said } = await browser.visit(server, `${base}/raised/settings`);
    await page.getByText("Finished", { exact: true }).waitFor();
    await page.getByLabel("Trials", { exact: true }).fill("2");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => said).toContain("Saved. Resume goes on with the study.");
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("Active", { exact: true }).waitFor();
    expect((await ask(server, "raised")).number).toBe(1);
    // The worker's own request, which knows nothing of this, finds the study still.
    const again = {
      studyId: "raised",
      allowExisting: true,
      study: { parameters, objectives: [{ name: "loss" }], maxTrials: 1 },
    };
    expect(await call(server, "StudyService/CreateStudy", again)).toMatchObject({ created: false });
  });

  it("sees which worker fails everything, why, and what the others run", async () => {
    await create("fleet", { leaseDuration: "600s" });
    const tell = async (worker: string, outcome: object): Promise<void> => {
      const trial = await ask(server, "fleet", worker);
      await call(server, "TrialService/TellTrial", {
        trial: trial.name,
        leaseToken: trial.leaseToken,
        ...outcome,
      });
    };
    for (let i = 0; i < 4; i++) {
      await tell("node-bad", { failure: "Traceback\nCUDA error: device lost" });
      await tell("node-good", { values: [0.5 - i / 10] });
    }
    const running = await ask(server, "fleet", "node-good");
    const { page } = await browser.visit(server, `${base}/fleet/workers`);
    await page.getByText("One worker fails while another gets on: look at that machine").waitFor();
    await page.getByText("CUDA error: device lost").waitFor();
    const bad = page.getByRole("row", { name: "Worker node-bad" });
    await expect.poll(() => bad.innerText()).toMatch(/Failing[^]*4\s*100%/);
    const good = page.getByRole("row", { name: "Worker node-good" });
    await good.getByText("Working").waitFor();
    await good.getByRole("link", { name: `trial ${running.number}` }).waitFor();
    await keepPicture(page, "workers-failing");
    expect(await axeFindings(page)).toEqual([]);
    await bad.getByRole("link", { name: "node-bad" }).click();
    await page.getByText(/^4 of 9 trials$/).waitFor();
  });

  it("gets about by keyboard alone, with a sheet that names the keys", async () => {
    await create("keys");
    const { page } = await browser.visit(server, `${base}/keys`);
    await page.getByRole("heading", { name: "Waiting for the first trial" }).waitFor();
    for (const [key, path] of [
      ["3", "trials"],
      ["4", "workers"],
      ["5", "notes"],
      ["6", "settings"],
      ["2", "analysis"],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForURL(`**/keys/${path}`);
    }
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard" });
    await sheet.getByText("Compare what is selected").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "shortcuts");
    // Right behind each other: the focus is still in the closed sheet then.
    await Promise.all([page.keyboard.press("Escape"), page.keyboard.press("3")]);
    await sheet.waitFor({ state: "hidden" });
    await page.getByLabel("Filter trials").waitFor();
    await page.keyboard.press("/");
    await expect
      .poll(() => page.getByLabel("Filter trials").evaluate((field) => field === document.activeElement))
      .toBe(true);
    // What is typed is text, not a shortcut.
    await page.keyboard.type("number > 3");
    expect(new URL(page.url()).pathname).toContain("/trials");
  });

  it("sees leases about to end, and that a renewal saves them", async () => {
    await create("slow", { leaseDuration: "600s" });
    const trial = await ask(server, "slow", "sleeper");
    const { page } = await browser.visit(server, `${base}/slow/workers`);
    const row = page.getByRole("row", { name: "Worker sleeper" });
    await row.getByText("Working").waitFor();
    // By the page's clock, which the table reads to five seconds, it is in the beginning of the last minute, and stays there.
    const lastMinute = Date.parse(trial.leaseExpireTime) - 60_000;
    await page.clock.setFixedTime((Math.floor(lastMinute / 5_000) + 1) * 5_000);
    await page.getByRole("link", { name: "1 lease about to end" }).waitFor();
    await row.getByText("Silent").waitFor();
    // A renewal moves the end by as long as it comes after the ask.
    await expect
      .poll(
        async () => {
          const lease = { trial: trial.name, leaseToken: trial.leaseToken };
          await call(server, "TrialService/RenewLease", { leases: [lease] });
          return await row.getByText("Working").count();
        },
        { interval: 500 },
      )
      .toBe(1);
    await page.getByRole("link", { name: "1 lease about to end" }).waitFor({ state: "detached" });
  });
});
