import { describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { type VisitOptions, isLostConnection } from "./support/visit.ts";

/** A machine that does something else meanwhile takes its time. */
const patience = { timeout: 60_000 };

describe.skipIf(leaveOutBrowser("the dashboard over two replicas"))("a page of one replica", () => {
  const database = useTestPostgres();
  const startReplica = (port?: number) =>
    startTestServer({ env: { DATABASE_URL: database.url }, ...(port === undefined ? {} : { port }) });
  const shown = useTestServer(() => startReplica());
  const other = useTestServer(() => startReplica());
  const browser = useBrowser();

  const create = (studyId: string) =>
    call(other, "StudyService/CreateStudy", {
      studyId,
      study: { parameters, objectives: [{ name: "loss" }] },
    });
  const open = async (studyId: string, options: VisitOptions = {}) => {
    await create(studyId);
    const visited = await browser.visit(shown, `/projects/default/studies/${studyId}`, options);
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
    const { page } = await open("across");
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
  });

  it("goes on by itself after its replica was killed, and misses nothing of the meantime", async () => {
    const { page } = await open("killed", { expected: isLostConnection });
    await work("killed", 9);
    await page.getByRole("link", { name: "trial 0", exact: true }).first().waitFor(patience);
    const port = Number(new URL(shown.url).port);
    await shown.kill();
    await page.getByText(/Disconnected/).waitFor(patience);
    for (let value = 8; value > 4; value--) await work("killed", value);
    Object.assign(shown, await startReplica(port));
    await page.getByText("Live", { exact: true }).waitFor(patience);
    await page.getByRole("link", { name: "trial 4", exact: true }).first().waitFor(patience);
    await page
      .getByRole("button", { name: /^Completed\s*5$/ })
      .first()
      .waitFor(patience);
    await expect.poll(() => page.getByText(/Disconnected/).count()).toBe(0);
  });

  it("says that the browser is offline, and shows what was missed once it is back", async () => {
    const { page, context } = await open("offline", { expected: isLostConnection });
    await context.setOffline(true);
    await page.getByText(/Disconnected/).waitFor(patience);
    await work("offline", 1);
    await context.setOffline(false);
    await page.getByRole("link", { name: "trial 0", exact: true }).first().waitFor(patience);
    await page.getByText("Live", { exact: true }).waitFor(patience);
    await expect.poll(() => page.getByText(/Disconnected/).count()).toBe(0);
  });
});
