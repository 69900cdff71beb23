import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, fillStudy, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, chartsDrawn, keepPicture, overflow, refusal } from "./support/visit.ts";

const name = (study: string): string => `projects/default/studies/${study}`;
const address = (...studies: string[]): string =>
  `/compare?${new URLSearchParams(studies.map((study) => ["study", name(study)]))}`;

describe.skipIf(leaveOutBrowser("comparing studies"))("comparing studies", () => {
  const server = useTestServer();
  const browser = useBrowser();

  const tell = async (study: string, value: number): Promise<void> => {
    const trial = await ask(server, study);
    await call(server, "TrialService/TellTrial", {
      trial: trial.name,
      leaseToken: trial.leaseToken,
      values: [value],
    });
  };

  beforeAll(async () => {
    await fillStudy(server, "filled");
    for (const studyId of ["quick", "bare"]) {
      await call(server, "StudyService/CreateStudy", {
        studyId,
        study: { parameters, objectives: [{ name: "loss" }], maxTrials: 10, sampler: { random: {} } },
      });
    }
    await call(server, "StudyService/CreateStudy", {
      studyId: "other",
      study: { parameters, objectives: [{ name: "accuracy", goal: "GOAL_MAXIMIZE" }] },
    });
    for (const value of [0.8, 0.05, 0.3]) await tell("quick", value);
    await tell("other", 0.9);
  });

  it("begins at the list of studies and finds its own way: choose, read, share", async () => {
    const { page } = await browser.visit(server, "/");
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByRole("heading", { name: "Which study found more, sooner, for less?" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "A study of loss" }).click();
    await page.getByPlaceholder("Search by name").fill("qui");
    await page.getByRole("button", { name: "quick" }).click();
    await page.getByRole("columnheader", { name: "quick" }).waitFor();
    const best = page.getByRole("row", { name: /^Best value/ });
    await expect.poll(() => best.innerText()).toMatch(/0\.1\s+0\.05/);
    await best
      .getByRole("cell")
      .filter({ hasText: /^\s*0\.05[^]*the best/ })
      .waitFor();
    await page
      .getByRole("row", { name: /^Found after/ })
      .filter({ hasText: "2 trials" })
      .waitFor();
    await expect
      .poll(() => new URL(page.url()).searchParams.getAll("study"))
      .toEqual([name("filled"), name("quick")]);
    await page.getByRole("button", { name: "Take A study of loss out" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.getAll("study")).toEqual([name("quick")]);
  });

  it("draws by trials, by share of the budget and by time, and keeps the choice in the address", async () => {
    const { page } = await browser.visit(server, address("filled", "quick"));
    await page.getByRole("heading", { name: "Best loss so far" }).waitFor();
    for (const title of ["Best loss so far", "Distributions of loss"]) {
      const chart = page.locator("figure").filter({ has: page.getByRole("heading", { name: title }) });
      // Two lines and two keys.
      await expect.poll(async () => await chart.locator("path.k0, path.k1").count()).toBe(4);
    }
    await page.getByLabel("Budget").check();
    await page.getByText("share of the trials allowed").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("by")).toBe("budget");
    await page.getByLabel("Time").check();
    await page.getByText("time since the creation").waitFor();
  });

  it("follows a study that goes on, and tells which ones it cannot draw or find", async () => {
    const { page } = await browser.visit(server, address("quick", "bare", "other", "gone"), {
      expected: refusal(404),
    });
    await page.getByText("2 studies not drawn: no result yet, or another objective").waitFor();
    await page.getByText(/^gone: There is no study "gone"/).waitFor();
    await tell("quick", 0.01);
    const best = page.getByRole("row", { name: /^Best value/ }).getByText("0.01");
    await expect.poll(() => best.count()).toBe(1);
  });

  for (const [dark, width] of [
    [false, 1440],
    [true, 1440],
    [false, 320],
  ] as const) {
    it(`has nothing for axe to find, ${dark ? "dark" : "light"}, ${width} pixels wide`, async () => {
      const { page } = await browser.visit(server, address("filled", "other", "quick"), {
        dark,
        width,
      });
      await page.getByRole("columnheader", { name: "quick" }).waitFor();
      await chartsDrawn(page);
      await keepPicture(page, `compare-${dark ? "dark" : "light"}-${width}`);
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    });
  }
});
