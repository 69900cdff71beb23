import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestServer } from "../support/use-server.ts";
import { fillStudy } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, overflow } from "./support/visit.ts";

const study = "/projects/default/studies/single";

describe.skipIf(leaveOutBrowser("selecting and comparing trials"))("the table of trials", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    await fillStudy(server, "single");
  });

  const selectedIn = (url: string): string | null => new URL(url).searchParams.get("select");

  it("selects by click, by keyboard and by range, and the address holds it", async () => {
    const { page } = await browser.visit(server, `${study}/trials?sort=number`);
    const grid = page.getByRole("grid", { name: "Trials" });
    await grid.getByRole("row", { name: "Trial 13" }).waitFor();
    await grid.getByLabel("Select trial 2", { exact: true }).click();
    await expect.poll(() => selectedIn(page.url())).toBe("2");
    await grid.getByLabel("Select trial 5", { exact: true }).click({ modifiers: ["Shift"] });
    await expect.poll(() => selectedIn(page.url())).toBe("2-5");
    await grid.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await expect.poll(() => selectedIn(page.url())).toBe("0,2-5");
    await page.getByText("5 trials selected").waitFor();
    await expect.poll(() => grid.getByRole("row", { selected: true }).count()).toBe(5);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel("Select all that are shown").click();
    await page.getByText("14 trials selected").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => selectedIn(page.url())).toBe(null);
  });

  it("shows the failed trials alone to whoever follows their number above", async () => {
    const { page } = await browser.visit(server, study);
    await page.getByRole("link", { name: "1 failed" }).click();
    const grid = page.getByRole("grid", { name: "Trials" });
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("2");
    await grid.getByRole("row", { name: "Trial 5" }).waitFor();
    await page.getByRole("button", { name: /^Failed/, pressed: true }).waitFor();
  });

  it("shows and saves what is selected, and nothing else, when asked", async () => {
    const { page } = await browser.visit(server, `${study}/trials?select=1,4-5&only=1`);
    const grid = page.getByRole("grid", { name: "Trials" });
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("4");
    await page.getByRole("button", { name: "Show all trials" }).click();
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("15");
    const save = async (item: string): Promise<string> => {
      await page.getByRole("button", { name: "Save" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: item }).click(),
      ]);
      return await readFile(await download.path(), "utf8");
    };
    const csv = await save("The 3 selected as CSV");
    expect(
      csv
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[0]),
    ).toEqual(["1", "4", "5"]);
    const json = JSON.parse(await save("The 3 selected as JSON")) as { number: number }[];
    expect(json.map(({ number }) => number)).toEqual([1, 4, 5]);
    expect((await save("All 14 shown as CSV")).trim().split("\r\n").length).toBe(15);
  });

  it("puts selected trials side by side, with what differs and their curves", async () => {
    for (const [dark, width] of [
      [false, 1440],
      [true, 1440],
      [false, 320],
    ] as const) {
      const { page, close } = await browser.visit(server, `${study}/trials?select=0-1,4&compare=1`, {
        dark,
        width,
      });
      await page.getByRole("heading", { name: "Side by side" }).waitFor();
      await page.getByRole("heading", { name: "Learning curves of the selected trials" }).waitFor();
      await page.getByRole("rowheader", { name: "lr", exact: true }).waitFor();
      await keepPicture(page, `trials-compared-${dark ? "dark" : "light"}-${width}`);
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.getByRole("button", { name: "Take trial 1 out" }).click();
      await expect.poll(() => selectedIn(page.url())).toBe("0,4");
      await page.getByRole("button", { name: "Back to the table" }).click();
      await page.getByRole("grid", { name: "Trials" }).waitFor();
      await close();
    }
  });

  it("says why trials that stand side by side have failed", async () => {
    const { page } = await browser.visit(server, `${study}/trials?select=4-5&compare=1`);
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "Failure" }) });
    await expect.poll(() => row.getByText("CUDA out of memory").count()).toBe(1);
  });

  it("is linked with the history chart: a mark selects its row, and other tabs show the selection", async () => {
    const { page } = await browser.visit(server, `${study}/trials?chart=1`);
    const chart = page.getByRole("application", { name: /History of loss/ });
    await chart.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect.poll(() => selectedIn(page.url())).toBe("0");
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByText("1 trial selected").waitFor();
    await expect.poll(() => selectedIn(page.url())).toBe("0");
    await page.getByRole("button", { name: "Show in the table" }).click();
    await expect
      .poll(() => page.getByRole("grid", { name: "Trials" }).getAttribute("aria-rowcount"))
      .toBe("2");
  });
});
