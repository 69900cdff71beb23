import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { fillAnalysed, fillThree } from "./support/analysed.ts";
import { ask } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, chartsDrawn, keepPicture } from "./support/visit.ts";

const studies = "/projects/default/studies";

const chart = (page: Page, title: string): Locator =>
  page.locator("figure").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/** Once the server has answered what all charts ask. */
async function settle(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Slices" }).waitFor();
  await chartsDrawn(page);
}

describe.skipIf(leaveOutBrowser("the dashboard's analyses"))("the analysis of a study", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    await fillAnalysed(server, "typical", 160);
    await fillAnalysed(server, "large", 10_000);
    await fillThree(server, "three");
  });

  const open = async (path: string) => {
    const visited = await browser.visit(server, `${studies}/${path}`);
    await settle(visited.page);
    return visited;
  };

  it("says what matters, by either method, and the address keeps the choice", async () => {
    const { page } = await open("typical/analysis");
    const importances = chart(page, "Importances for loss");
    const names = () => importances.locator("text.name").allTextContents();
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(["lr", "layers"]);
    await expect.poll(() => importances.locator("rect").count()).toBe(4);
    await importances.getByText(/^A model of 120 trials explains/).waitFor();
    await importances.getByRole("application").focus();
    await page.keyboard.press("Home");
    await importances
      .getByRole("status")
      .filter({ hasText: /between \d+% and \d+%/ })
      .waitFor();
    await importances.getByText("Among the best").click();
    await expect.poll(() => page.url()).toContain("importances=best");
    await page.reload();
    await settle(page);
    await expect
      .poll(() => chart(page, "Importances for loss").getByLabel("Among the best").isChecked())
      .toBe(true);
  });

  it("compares what was expected with what came, trial by trial and by intervals", async () => {
    const { page } = await open("typical/analysis");
    const expected = chart(page, "Expected and observed");
    await expected.getByText(/^\d+% of trials fell within their 90 % intervals/).waitFor();
    await expected.getByRole("application").focus();
    await page.keyboard.press("End");
    await expected
      .getByRole("status")
      .filter({ hasText: /observed .*expected .* ± / })
      .waitFor();
    await expected.getByText("Intervals", { exact: true }).click();
    await expect.poll(() => expected.locator("circle").count()).toBe(10);
    await expected.getByRole("button", { name: "Expected and observed: table and files" }).click();
    await page.getByRole("menuitem", { name: "Show as table" }).click();
    const table = page.getByRole("table", { name: "Expected and observed, data" });
    await expect.poll(() => table.getAttribute("aria-rowcount")).toBe("11");
  });

  it("draws a model with its interval through each parameter's trials", async () => {
    const { page } = await open("typical/analysis");
    const slices = chart(page, "Slices");
    // Numbers have a line in its area, choices a mark each.
    await expect.poll(() => slices.locator("path.area").count()).toBe(3);
    await expect.poll(() => slices.locator("path.line").count()).toBe(3 + 3);
  });

  it("shows two parameters together: those that matter, or those that are chosen", async () => {
    const { page } = await open("typical/analysis");
    const [x, y] = [page.getByLabel("Parameter along x"), page.getByLabel("Parameter along y")];
    await expect.poll(async () => [await x.inputValue(), await y.inputValue()]).toEqual(["lr", "layers"]);
    const contour = chart(page, "Contour");
    // 32 slices of a range by 8 values.
    await expect.poll(() => contour.locator("path[stroke^=rgb]").count()).toBe(256);
    await contour.getByText(/explains .* from 120 trials/).waitFor();
    await y.selectOption("dropout");
    await expect.poll(() => page.url()).toMatch(/x=lr&y=dropout/);
    await expect.poll(() => contour.locator("path.band").count()).toBeGreaterThan(5);
    await chart(page, "Ranks").locator("text.label", { hasText: "dropout" }).waitFor();
    await contour.getByRole("application").focus();
    await page.keyboard.press("Home");
    await contour
      .getByRole("status")
      .filter({ hasText: /between .* and .*lr\s.*dropout\s/s })
      .waitFor();
    // Choosing what the other axis shows exchanges them.
    await x.selectOption("dropout");
    await expect.poll(() => page.url()).toMatch(/x=dropout&y=lr/);
    await contour.getByText("Doubt").click();
    await contour.getByText("the darker, the less certain").waitFor();
  });

  it("zooms into both axes of a contour, where only what is in sight is walked through", async () => {
    const { page } = await open("typical/analysis?x=lr&y=dropout");
    const contour = chart(page, "Contour");
    await expect.poll(() => contour.locator("path.band").count()).toBeGreaterThan(5);
    const axes = () => contour.locator("svg text").allTextContents();
    const whole = await axes();
    const plane = contour.getByRole("application");
    const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
      await plane.hover({ position: { x: 4, y: 4 } });
      const { x, y, width, height } = (await plane.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.move(x + from[0] * width, y + from[1] * height);
      await page.mouse.down();
      await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 4 });
      await page.mouse.up();
    };
    // The upper right corner: the largest values of both.
    await drag([0.7, 0.3], [0.98, 0.02]);
    const reset = contour.getByRole("button", { name: "Reset zoom" });
    await reset.waitFor();
    await expect.poll(axes).not.toEqual(whole);
    // The pointer would name what it comes to lie on when the page is laid out anew.
    await page.mouse.move(0, 0);
    await plane.focus();
    await page.keyboard.press("Home");
    const told = () => contour.getByRole("status").innerText();
    await expect.poll(async () => Number(/dropout ([\d.]+)/.exec(await told())?.[1])).toBeGreaterThan(0.38);
    await expect.poll(async () => Number(/lr ([\d.e-]+)/.exec(await told())?.[1])).toBeGreaterThan(0.005);
    await plane.dblclick({ position: { x: 4, y: 4 } });
    await reset.waitFor({ state: "detached" });
    await expect.poll(axes).toEqual(whole);
    // Who cannot drag takes halves.
    await contour.getByRole("button", { name: "Contour: table and files" }).click();
    await page.getByRole("menuitem", { name: "Zoom to the lower half" }).click();
    await expect.poll(async () => (await axes()).includes("0.6")).toBe(false);
    await reset.click();
    await expect.poll(axes).toEqual(whole);
  });

  it("opens a trial from its mark among the ranks", async () => {
    const { page } = await open("typical/analysis");
    const ranks = chart(page, "Ranks");
    await ranks.getByRole("application").focus();
    await page.keyboard.press("Home");
    await ranks
      .getByRole("status")
      .filter({ hasText: /better than \d+%/ })
      .waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toMatch(/\/trials\/\d+$/);
  });

  it("tells what pruning saved and how values are distributed", async () => {
    const { page } = await open("typical/analysis");
    const savings = chart(page, "What pruning saved");
    // 120 trials of 10 reports and 40 of 3 were made; 40 of 7 were not.
    await savings.getByText("18% saved").waitFor();
    await savings.getByText("Nine in ten of the 40 stopped trials stopped after 3 of 10 reports.").waitFor();
    await savings.getByRole("application").focus();
    await page.keyboard.press("End");
    await savings.getByRole("status").filter({ hasText: "280 reports saved" }).waitFor();
    // What is hidden leaves its room to the others.
    const made = savings.getByRole("button", { name: "made by trials that went on" });
    const bars = () => savings.locator("g[aria-hidden] > rect").count();
    const isClose = async () => (await savings.locator("svg text").allTextContents()).includes("50");
    await expect.poll(async () => [await bars(), await isClose()]).toEqual([3, false]);
    await made.click();
    await expect.poll(async () => [await bars(), await isClose()]).toEqual([2, true]);
    expect(await axeFindings(page)).toEqual([]);
    await made.click();
    await expect.poll(bars).toBe(3);
    await expect
      .poll(() => chart(page, "Distribution of loss").locator("figcaption ~ div svg path").count())
      .toBe(1);
  });

  it("dims in every chart what a range in parallel coordinates leaves out", async () => {
    const { page } = await open("typical/analysis?pick=params.layers~1~2");
    await page.getByText(/^\d+ of 160 trials$/).waitFor();
    for (const title of ["Expected and observed", "Slices"])
      await expect.poll(() => chart(page, title).locator("path.dim").count()).toBeGreaterThan(0);
    const dimmed = async () =>
      chart(page, "Ranks")
        .locator("path.dim")
        .evaluateAll((paths) => paths.filter((path) => path.getAttribute("d") !== "").length);
    await expect.poll(dimmed).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Clear ranges" }).click();
    await expect.poll(dimmed).toBe(0);
  });

  it("shows three objectives as a front in colour, with the volume that it beats", async () => {
    const { page } = await open("three/analysis?objective=cost");
    await expect
      .poll(() => chart(page, "Importances for cost").locator("text.name").first().textContent())
      .toBe("layers");
    const { numbers } = await call<{ numbers: number[] }>(server, "AnalysisService/GetParetoFront", {
      study: "three",
    });
    const front = chart(page, "Pareto front");
    await expect.poll(() => front.locator("circle").count()).toBe(numbers.length);
    await front.getByLabel("Objective along y").selectOption({ label: "y: room" });
    await front.getByText("cost", { exact: true }).waitFor();
    const volume = chart(page, "Hypervolume");
    await volume.getByText(/^Volume up to loss .*, cost .*, room /).waitFor();
    await volume.getByRole("application").focus();
    await page.keyboard.press("End");
    await volume.getByRole("status").filter({ hasText: "after 120 trials" }).waitFor();
    await page.getByLabel("Objective", { exact: true }).selectOption("room");
    await expect.poll(() => page.url()).toContain("objective=room");
    await chart(page, "Importances for room").waitFor();
  });

  it("follows the study: new results are in the models a few seconds later", async () => {
    await fillAnalysed(server, "growing", 40);
    const { page } = await open("growing/analysis");
    const importances = chart(page, "Importances for loss");
    await importances.getByText(/^A model of 30 trials/).waitFor();
    for (let i = 0; i < 3; i++) {
      const trial = await ask(server, "growing");
      await call(server, "TrialService/TellTrial", {
        trial: trial.name,
        leaseToken: trial.leaseToken,
        values: [1],
      });
    }
    const told = importances.getByText(/^A model of \d+ trials/);
    await expect.poll(() => told.textContent()).toMatch(/^A model of 33 trials/);
  });

  it("says in calm notes what the owner should know, warnings on the first page too", async () => {
    await call(server, "StudyService/CreateStudy", {
      studyId: "failing",
      study: { parameters: [{ name: "x", real: { low: 0, high: 1 } }] },
    });
    const trials = Array.from({ length: 8 }, (_, i) => ({
      params: { x: i / 8 },
      state: "TRIAL_STATE_FAILED",
    }));
    await call(server, "TrialService/ImportTrials", { study: "failing", trials });
    for (const path of ["failing", "failing/analysis"]) {
      const { page, close } = await browser.visit(server, `${studies}/${path}`);
      const notes = page.getByRole("region", { name: "Notes on this study" });
      await notes.getByText(/^All 8 trials have failed\./).waitFor();
      await close();
    }
    const { page } = await open("typical/analysis");
    expect(await page.getByRole("region", { name: "Notes on this study" }).count()).toBe(0);
  });

  it("says what is missing in place of charts that have nothing to draw", async () => {
    await call(server, "StudyService/CreateStudy", {
      studyId: "fresh",
      study: { parameters: [{ name: "x", real: { low: 0, high: 1 } }] },
    });
    const { page } = await browser.visit(server, `${studies}/fresh/analysis`);
    await page.getByRole("heading", { name: "Nothing to analyse yet" }).waitFor();
    await call(server, "TrialService/ImportTrials", {
      study: "fresh",
      trials: [{ params: { x: 0.5 }, values: [1] }],
    });
    await page
      .getByText("It takes four completed trials with different values to tell what matters.")
      .waitFor();
    await page.getByText("It takes nine completed trials").waitFor();
    // One parameter makes no plane.
    expect(await page.getByRole("heading", { name: "Contour" }).count()).toBe(0);
  });

  it("of 10,000 trials is on the screen in seconds and small in the document", async () => {
    const begin = performance.now();
    const { page } = await open("large/analysis");
    console.log(`the analysis of 10,000 trials: ${Math.round(performance.now() - begin)} ms`);
    await chart(page, "Ranks").getByText("2,000 trials stand for 7,500 trials").waitFor();
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(3_500);
    await keepPicture(page, "large-analysis");
  });
});
