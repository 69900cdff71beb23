import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, type TestProvider, ada, startProvider } from "../login/support/provider.ts";
import { startWithProvider } from "../login/support/sign-in.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { type Visit, axeFindings, keepPicture, overflow, refusal } from "./support/visit.ts";

const grace: Account = {
  sub: "1906",
  name: "Grace Hopper",
  nickname: "grace",
  email: "grace@example.org",
  email_verified: true,
  groups: [],
};
const stranger: Account = {
  ...grace,
  sub: "1",
  name: "Mallory",
  nickname: "mallory",
  email: "m@example.org",
};

describe.skipIf(leaveOutBrowser("projects and their members"))("people who share a project", () => {
  const database = useTestPostgres();
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider();
    for (const account of [grace, stranger]) provider.accounts.set(account.sub, account);
  });
  afterAll(() => provider?.close());
  const server = useTestServer(() => startWithProvider(provider, { DATABASE_URL: database.url }));
  const browser = useBrowser();

  /** A browser in which somebody is signed in, at some page. */
  async function signedIn(who: Account, path = "/"): Promise<Visit> {
    const visited = await browser.openPage({ expected: refusal(400, 401, 403, 404, 409) });
    const { page } = visited;
    provider.visitor = who;
    await page.goto(server.url + path);
    await page.getByRole("link", { name: /^Sign in with/ }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    return visited;
  }

  /** Nothing for axe in either theme, and nothing wider than a small screen. */
  async function check(page: Page, name: string): Promise<void> {
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      // Waits until the theme is drawn, too.
      expect(await overflow(page)).toBe(0);
      await keepPicture(page, `${name}-${theme}`);
      expect(await axeFindings(page)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "light" });
    // Drawn first: Chromium may keep inherited colours of the former theme when the size changes with it.
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await overflow(page)).toBe(0);
    await keepPicture(page, `${name}-320`);
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
  }

  it("make it, add each other, and see who did what", async () => {
    // Whoever has never signed in is nobody whom one could add.
    const { page, said } = await signedIn(ada, "/projects");
    await page.getByRole("heading", { name: "Ada Lovelace (personal)" }).waitFor();
    await page.getByRole("button", { name: "New project" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Id").fill("the lab");
    await dialog.getByRole("button", { name: "Make project" }).click();
    await dialog.getByText(/beginning with a letter or digit/).waitFor();
    await dialog.getByLabel("Id").fill("lab");
    await dialog.getByLabel("Title").fill("The laboratory");
    await dialog.getByRole("button", { name: "Make project" }).click();
    await page.waitForURL(`${server.url}/projects/lab/members`);

    await page.getByLabel("Add somebody").fill("grace@example.org");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText(/nobody who has signed in is/i).waitFor();
    await expect.poll(() => page.getByLabel("Add somebody").getAttribute("aria-invalid")).toBe("true");
    const hers = await signedIn(grace);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect.poll(() => said).toContain("Grace Hopper is viewer from now on.");
    // The last admin stays one.
    await page.getByLabel("Role of Grace Hopper").waitFor();
    await expect.poll(() => page.getByLabel("Role of Ada Lovelace").isDisabled()).toBe(true);
    await expect
      .poll(() => page.getByRole("button", { name: "Remove Ada Lovelace" }).isDisabled())
      .toBe(true);
    await check(page, "members");

    // Grace finds it, reads, and is shown no button that would be refused.
    await hers.page.goto(`${server.url}/projects`);
    await hers.page.getByRole("link", { name: "The laboratory" }).waitFor();
    await hers.page.goto(`${server.url}/projects/lab/members`);
    await hers.page.getByText("Editors and admins see who the members are.").waitFor();
    expect(await hers.page.getByText("ada@example.org").count()).toBe(0);
    await hers.page.getByRole("link", { name: "Audit log" }).click();
    await hers.page.getByText("Admins of the project read its audit log.").waitFor();
    await hers.page.getByRole("link", { name: "Settings" }).click();
    await hers.page.getByText("Admins rename and delete the project.").waitFor();
    await check(hers.page, "project-settings-viewer");

    await page.getByLabel("Role of Grace Hopper").selectOption("Admin");
    await expect.poll(() => said).toContain("Grace Hopper is admin from now on.");
    await expect.poll(() => page.getByLabel("Role of Ada Lovelace").isDisabled()).toBe(false);

    // Her role reaches her within five seconds, and so does the log.
    const log = hers.page.getByRole("table", { name: /Audit log/ });
    const refusal = hers.page.getByText("Admins of the project read its audit log.");
    await expect
      .poll(async () => {
        await hers.page.goto(`${server.url}/projects/lab/audit`);
        await log.or(refusal).waitFor();
        return await log.count();
      })
      .toBe(1);
    const rows = hers.page.getByRole("row");
    await rows.filter({ hasText: "Update member" }).waitFor();
    await expect.poll(() => rows.filter({ hasText: "Add member" }).count()).toBe(2);
    await check(hers.page, "audit");
    await hers.page.getByText("Refused", { exact: true }).click();
    await hers.page.waitForURL(/outcome=refused/);
    await expect.poll(() => rows.count()).toBe(2);
    await rows.filter({ hasText: "Not found" }).waitFor();
    // Two choices in one breath, before the address has followed the first.
    await hers.page.evaluate(() => {
      document.querySelector<HTMLInputElement>("input[type=radio][value='']")?.click();
      const kinds = document.querySelector<HTMLSelectElement>("main select");
      if (kinds === null) throw new Error("no choice of kinds");
      kinds.value = [...kinds.options].find(({ text }) => text === "Update member")?.value ?? "";
      kinds.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await hers.page.waitForURL((url) => /^\?method=[^&]+$/.test(url.search));
    await rows.filter({ hasText: "Update member" }).waitFor();
    await expect.poll(() => rows.count()).toBe(2);
    await hers.page.getByRole("button", { name: "Ada Lovelace" }).click();
    await hers.page.waitForURL(/actor=users/);
    await hers.page.getByRole("button", { name: /No longer only what Ada Lovelace did/ }).click();
    await hers.page.getByRole("link", { name: /^members\// }).click();
    await hers.page.waitForURL(`${server.url}/projects/lab/members`);

    await hers.page.getByRole("button", { name: "Remove Ada Lovelace" }).click();
    await hers.page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect.poll(() => hers.said.join()).toContain("Ada Lovelace is no member any more.");
    await hers.close();
  });

  it("rename and delete it, and a stranger never hears of it", async () => {
    const { page } = await signedIn(ada, "/projects");
    await page.getByRole("button", { name: "New project" }).click();
    await page.getByRole("dialog").getByLabel("Id").fill("short-lived");
    await page.getByRole("button", { name: "Make project" }).click();
    await page.waitForURL(`${server.url}/projects/short-lived/members`);
    const theirs = await signedIn(stranger, "/projects/short-lived/members");
    await theirs.page.getByText(/there is no project "short-lived", or you are no member of it/i).waitFor();
    await check(theirs.page, "project-unknown");
    await theirs.close();

    await page.getByRole("navigation", { name: "Views of the project" }).getByText("Settings").click();
    await page.getByLabel("Title").fill("For a day");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "For a day" }).waitFor();
    await check(page, "project-settings");
    await page.getByRole("button", { name: "Delete…" }).click();
    const remove = page.getByRole("button", { name: "Delete project" });
    await expect.poll(() => remove.isDisabled()).toBe(true);
    await page.getByLabel("Type short-lived to go on").fill("short-lived");
    await remove.click();
    await page.waitForURL(`${server.url}/projects`);
    await page.getByRole("heading", { name: "Ada Lovelace (personal)" }).waitFor();
    await check(page, "projects");
    expect(await page.getByRole("heading", { name: "For a day" }).count()).toBe(0);
  });

  it("who only look at its studies are offered nothing that would be refused", async () => {
    const { page, said } = await signedIn(ada, "/projects");
    await page.getByRole("button", { name: "New project" }).click();
    await page.getByRole("dialog").getByLabel("Id").fill("shown");
    await page.getByRole("button", { name: "Make project" }).click();
    await page.getByLabel("Add somebody").fill("grace@example.org");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect.poll(() => said).toContain("Grace Hopper is viewer from now on.");
    await page.goto(`${server.url}/new?project=shown`);
    await page.getByLabel("Id", { exact: true }).fill("seen");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByRole("button", { name: "Enqueue" }).waitFor();

    const hers = await signedIn(grace, "/projects/shown/studies/seen/settings");
    await hers.page.getByText("Editors of the project change settings.").waitFor();
    await hers.page.getByText("Editors finish and copy studies; admins delete them.").waitFor();
    for (const name of ["Enqueue", "Pause", "Delete…", "Save"]) {
      const button = hers.page.getByRole("button", { name, exact: true });
      await expect
        .poll(async () => (await button.count()) === 0 || (await button.isDisabled()), { message: name })
        .toBe(true);
    }
    const fields = hers.page.locator("form").filter({ hasText: "Title and limits" }).locator("input, select");
    expect(await fields.count()).toBeGreaterThan(8);
    for (const field of await fields.all()) expect(await field.isDisabled()).toBe(true);
    expect(await hers.page.getByRole("heading", { name: "Share" }).count()).toBe(0);
    await check(hers.page, "settings-viewer");
    await hers.page.goto(`${server.url}/tokens?project=shown`);
    await hers.page.getByText(/needs the role admin/).waitFor();
    await hers.close();
  });
});
