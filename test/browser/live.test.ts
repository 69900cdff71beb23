import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { isLostConnection, refusal } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("live updates in the dashboard"))("the page follows a study", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "asktell-browser-"));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  const server = useTestServer(() => startTestServer({ dataDir }));
  const browser = useBrowser();

  const create = (studyId: string): Promise<unknown> =>
    call(server, "StudyService/CreateStudy", {
      studyId,
      study: { parameters, objectives: [{ name: "loss" }], maxTrials: 1_000 },
    });

  it("the first page shows by itself a study that a program made", async () => {
    const { page } = await browser.visit(server, "/");
    await page.getByRole("heading", { name: "Find better hyperparameters" }).waitFor();
    await create("from-afar");
    await expect.poll(() => page.getByRole("link", { name: "from-afar" }).count()).toBe(1);
  });

  it("results told elsewhere come onto the screen one by one", async () => {
    await create("watched");
    const { page } = await browser.visit(server, "/projects/default/studies/watched");
    await page.getByText("Live", { exact: true }).waitFor();
    const delays: number[] = [];
    for (let i = 0; i < 5; i++) {
      const trial = await ask(server, "watched");
      const value = 0.5 - i / 10;
      await call(server, "TrialService/TellTrial", {
        trial: trial.name,
        leaseToken: trial.leaseToken,
        values: [value],
      });
      const told = performance.now();
      const link = page.getByRole("link", { name: `trial ${trial.number}`, exact: true });
      await expect.poll(() => link.count()).toBe(1);
      delays.push(performance.now() - told);
    }
    console.log(
      `from the answer to the tell to the screen: ${delays.map((ms) => Math.round(ms)).join(", ")} ms`,
    );
  });

  it("says when the server is away, and shows what was missed when it is back", async () => {
    await create("cut");
    const { page } = await browser.visit(server, "/projects/default/studies/cut", {
      expected: isLostConnection,
    });
    await page.getByText("Live", { exact: true }).waitFor();
    const port = Number(new URL(server.url).port);
    await server.stop();
    await page.getByText(/Disconnected/).waitFor();
    Object.assign(server, await startTestServer({ dataDir, port }));
    const trial = await ask(server, "cut");
    await call(server, "TrialService/TellTrial", { trial: trial.name, values: [0.25] });
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "trial 0", exact: true }).waitFor();
    await expect.poll(() => page.getByText(/Disconnected/).count()).toBe(0);
  });

  it("a deleted study can be taken back for a while, and is gone after that", async () => {
    await create("doomed");
    const { page } = await browser.visit(server, "/");
    // The page's time stands still but where the test moves it: a busy machine may take longer than the way back is open.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    const row = page.getByRole("row").filter({ hasText: "doomed" });
    const remove = async (): Promise<void> => {
      await row.getByRole("button", { name: "Actions for doomed" }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByRole("button", { name: "Delete doomed" }).click();
      await row.waitFor({ state: "detached" });
    };
    await remove();
    await page.getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
    await remove();
    // The message stays while somebody is at it, and so does the way back.
    await page.getByRole("button", { name: "Undo" }).hover();
    const exists = async (): Promise<boolean> => {
      const { studies } = await call<{ studies: { name: string }[] }>(server, "StudyService/ListStudies", {});
      return studies.some(({ name }) => name.endsWith("/doomed"));
    };
    await page.clock.runFor(60_000);
    expect(await exists()).toBe(true);
    await page.mouse.move(0, 0);
    await page.clock.runFor(60_000);
    await expect.poll(exists).toBe(false);
  });

  it("a study that is deleted and made anew shows the curves of its own trials alone", async () => {
    const run = async (value: number): Promise<void> => {
      await create("remade");
      const { name: trial, leaseToken } = await ask(server, "remade");
      await call(server, "TrialService/ReportTrial", { trial, leaseToken, step: 1, values: [value] });
      await call(server, "TrialService/TellTrial", { trial, leaseToken, values: [value] });
    };
    await run(0.875);
    const { page, context } = await browser.visit(server, "/projects/default/studies/remade", {
      expected: isLostConnection,
    });
    await page.getByRole("button", { name: "Learning curves: table and files" }).click();
    await page.getByRole("menuitem", { name: "Show as table" }).click();
    const table = page.getByRole("table", { name: "Learning curves, data" });
    await table.getByRole("cell", { name: "0.875", exact: true }).waitFor();
    // The page sees both at once.
    await context.setOffline(true);
    await page.getByText(/Disconnected/).waitFor();
    await call(server, "StudyService/DeleteStudy", { study: "remade", force: true });
    await run(0.125);
    await context.setOffline(false);
    await table.getByRole("cell", { name: "0.125", exact: true }).waitFor();
    expect(await table.getByRole("cell", { name: "0.875", exact: true }).count()).toBe(0);
  });

  it("a study deleted elsewhere ends in words, not in a spinner", async () => {
    const { page } = await browser.visit(server, "/projects/default/studies/never-was", {
      expected: refusal(404),
    });
    await page.getByRole("heading", { name: "There is no study never-was" }).waitFor();
    expect(await page.getByRole("link", { name: "All studies", exact: true }).count()).toBe(1);
  });
});
