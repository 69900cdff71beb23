import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, overflow } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("tokens by their page"))("somebody who hands out tokens", () => {
  const server = useTestServer();
  const browser = useBrowser();
  beforeAll(async () => {
    await call(server, "StudyService/CreateStudy", { studyId: "mnist", study: { parameters } });
  });

  const asks = async (token: string, study: string): Promise<number> => {
    const response = await fetch(`${server.url}/asktell.v1.TrialService/AskTrials`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ study }),
    });
    return response.status;
  };

  it("is back at the button that opened the form when it is given up", async () => {
    const { page } = await browser.visit(server, "/tokens");
    const opener = page.getByRole("button", { name: "New token" });
    for (const way of ["Cancel", "Close"]) {
      await opener.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").getByRole("button", { name: way }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);
    }
  });

  it("is told beside each field what is wrong with it, and makes a token for one study with a cap", async () => {
    const { page } = await browser.visit(server, "/tokens");
    await page.getByRole("button", { name: "New token" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("One study").click();
    await dialog.getByLabel("Valid for").selectOption({ label: "another time …" });
    await dialog.getByLabel("Days").fill("366");
    await dialog.getByLabel("At most this many trials").fill("0");
    await dialog.getByRole("button", { name: "Make token" }).click();
    for (const label of ["Name", "Study", "Days", "At most this many trials"])
      await expect
        .poll(() => dialog.getByLabel(label, { exact: true }).getAttribute("aria-invalid"), {
          message: label,
        })
        .toBe("true");
    await expect
      .poll(() => dialog.getByLabel("Name").evaluate((field) => field === document.activeElement))
      .toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "token-new");

    await dialog.getByLabel("Name").fill("cluster");
    await dialog.getByLabel("Study", { exact: true }).fill("nowhere");
    await dialog.getByLabel("Days").fill("3");
    await dialog.getByLabel("At most this many trials").fill("2");
    await dialog.getByRole("button", { name: "Make token" }).click();
    await dialog.getByText(/no study "nowhere"/i).waitFor();
    await dialog.getByLabel("Study", { exact: true }).fill("mnist");
    await dialog.getByRole("button", { name: "Make token" }).click();
    const secret = await dialog.locator("code").innerText();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Done" }).click();

    expect(await asks(secret, "mnist")).toBe(200);
    expect(await asks(secret, "mnist")).toBe(200);
    expect(await asks(secret, "mnist")).not.toBe(200);
    await page.reload();
    const row = page.getByRole("row", { name: /cluster/ });
    await row.getByText("Used up").waitFor();
    await expect.poll(() => row.innerText()).toMatch(/Work[^]*mnist[^]*2\s*\/ 2/);
    expect(await page.content()).not.toContain(secret);
  });

  it("rotates a token: both work for a while, and the page says which goes", async () => {
    const { page } = await browser.visit(server, "/tokens");
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByLabel("Name").fill("notebook");
    await page.getByRole("button", { name: "Make token" }).click();
    const first = await page.getByRole("dialog").locator("code").innerText();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Rotate notebook" }).click();
    await page.getByLabel("The old one goes on for").selectOption({ label: "an hour" });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    const second = await page.getByRole("dialog").locator("code").innerText();
    expect(second).not.toBe(first);
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("Replaced", { exact: true }).waitFor();
    expect(await asks(first, "mnist")).toBe(200);
    expect(await asks(second, "mnist")).toBe(200);
    // Only the successor can be rotated again.
    await expect.poll(() => page.getByRole("button", { name: "Rotate notebook" }).count()).toBe(1);
  });

  it("makes, lists and revokes links to a study, here and in the study's settings", async () => {
    const { page } = await browser.visit(server, "/tokens");
    await page.getByRole("button", { name: "New token" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Share link", { exact: true }).click();
    await dialog.getByLabel("Name").fill("for the paper");
    await dialog.getByLabel("Study", { exact: true }).fill("mnist");
    await dialog.getByRole("button", { name: "Make link" }).click();
    await dialog.locator("code").filter({ hasText: "/projects/default/studies/mnist#token=ats_" }).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    const links = page.getByRole("table", { name: "Share links" });
    await links.getByRole("row", { name: /for the paper/ }).waitFor();
    for (const dark of [false, true]) {
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      await keepPicture(page, `tokens-typical-${dark ? "dark" : "light"}`);
      expect(await axeFindings(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await overflow(page)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "tokens-typical-320");
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.goto(`${server.url}/projects/default/studies/mnist/settings`);
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByText(/#token=ats_/).innerText();
    const revoke = page.getByRole("button", { name: /^Revoke the link/ });
    await expect.poll(() => revoke.count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "settings-shared");

    // Whoever has it sees the study, and no button that would be refused.
    const { page: guest, close: leave } = await browser.openPage();
    await guest.goto(link);
    await guest.getByRole("heading", { name: "mnist" }).waitFor();
    await guest.getByRole("link", { name: "Settings" }).click();
    await guest.getByText("Editors of the project change settings.").waitFor();
    expect(await guest.getByRole("button", { name: "Enqueue" }).count()).toBe(0);
    expect(await guest.getByRole("link", { name: "Tokens" }).count()).toBe(0);
    await leave();

    await revoke.first().click();
    await expect.poll(() => revoke.count()).toBe(1);
  });
});
