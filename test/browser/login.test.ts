import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Client } from "pg";
import type { BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestProvider, startProvider } from "../login/support/provider.ts";
import { startWithProvider } from "../login/support/sign-in.ts";
import { call } from "../support/call.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { type Visit, axeFindings, keepPicture, overflow } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("signing in through a provider with a browser"))(
  "somebody with a browser",
  () => {
    const database = useTestPostgres();
    let provider: TestProvider;
    beforeAll(async () => {
      provider = await startProvider({ withForms: true });
    });
    afterAll(() => provider?.close());
    const server = useTestServer(() =>
      startWithProvider(provider, {
        DATABASE_URL: database.url,
        ASKTELL_LOGIN_LINK: "loopback",
        ASKTELL_OIDC_GROUP_ROLES: "physics/cms=default/editor",
      }),
    );
    const browser = useBrowser();
    let visit: Visit;
    let context: BrowserContext;
    let page: Page;

    beforeEach(async () => {
      visit = await browser.openPage({ expected });
      ({ page, context } = visit);
    });

    /** A refused call is in the console, too, whatever the page makes of it; and the provider's pages are not ours. */
    function expected(message: ConsoleMessage): boolean {
      const { url } = message.location();
      const isOurs = url === "" || url.startsWith(server.url);
      return (
        !isOurs || /status of 40[013]|^policy: /.test(message.text().replace(`policy: ${server.url} `, ""))
      );
    }

    const host = () => new URL(provider.issuer).host;

    /** Fills in the provider's own forms: any password will do, and the name becomes the subject. */
    async function passProvider(name: string): Promise<void> {
      await page.waitForURL(`${provider.issuer}/**`);
      await page.locator("input[name=login]").fill(name);
      await page.locator("input[name=password]").fill("any");
      await page.locator("button[type=submit]").click();
      // The second form is another page's: until that has come, the button is still the first one's.
      await page.locator("input[name=password]").waitFor({ state: "detached" });
      await page.locator("button[type=submit]").click();
    }

    it("signs in from a study's address, comes back there, works, and signs out at both places", async () => {
      await call(server, "StudyService/CreateStudy", {
        studyId: "wine",
        study: {
          displayName: "Wine",
          objectives: [{ name: "loss" }],
          parameters: [{ name: "lr", real: { low: 0, high: 1 } }],
        },
      });
      const address = `${server.url}/projects/default/studies/wine/trials?order=value`;
      await page.goto(address);
      await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
      await passProvider("1815");
      await page.waitForURL(address);
      await page.getByRole("heading", { name: "Wine" }).waitFor();

      await page.getByRole("button", { name: "Account" }).click();
      await page.getByText("ada@example.org").waitFor();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.waitForURL(`${provider.issuer}/session/end**`);
      await page.getByRole("button", { name: "Yes" }).click();
      await page.waitForURL(`${server.url}/`);
      await page.getByRole("link", { name: `Sign in with ${host()}` }).waitFor();
      expect((await context.cookies(server.url)).map(({ name }) => name)).toEqual([
        expect.stringMatching(/^asktell-login-/),
      ]);
    });

    it("finds the projects that they have a role in, and works in each", async () => {
      await page.goto(server.url);
      await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
      await passProvider("1815");
      // Nothing is in her own yet.
      await page.getByRole("button", { name: "Start with an example" }).click();
      await page.waitForURL(`${server.url}/projects/ada/studies/**`);
      await page.goto(server.url);
      await page.getByRole("button", { name: "Project: Ada Lovelace (personal)" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Default" }).click();
      await page.waitForURL(`${server.url}/projects/default`);
      await page.getByRole("link", { name: "Wine", exact: true }).waitFor();
      await keepPicture(page, "projects");
      expect(await axeFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await overflow(page)).toBe(0);
      await keepPicture(page, "projects-320");

      // As an editor she makes studies there, and no tokens.
      await page.getByRole("link", { name: "New study" }).click();
      await page.getByLabel("Id", { exact: true }).fill("hers");
      await page.getByRole("button", { name: "Create study" }).click();
      await page.waitForURL(`${server.url}/projects/default/studies/hers`);
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Tokens" }).click();
      await page.waitForURL(`${server.url}/tokens?project=default`);
      await page.getByText(/needs the role admin/).waitFor();
    });

    it("makes a token by hand, which curl shows in the URL, and which no replica takes 5 seconds after it was revoked", async () => {
      const replica = await startTestServer({ env: { DATABASE_URL: database.url } });
      const curl = async (): Promise<string> => {
        const url = `${replica.url}/t/${secret}/asktell.v1.StudyService/ListStudies`;
        const write = ["-s", "-o", "/dev/null", "-w", "%{http_code}"];
        const send = ["-H", "content-type: application/json", "-d", "{}", url];
        return (await promisify(execFile)("curl", [...write, ...send])).stdout;
      };
      let secret = "";
      try {
        await page.goto(`${server.url}/tokens`);
        await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
        await passProvider("1815");
        await page.waitForURL(`${server.url}/tokens`);
        await page.getByRole("button", { name: "New token" }).click();
        await page.getByLabel("Name").fill("by hand");
        await page.getByRole("button", { name: "Make token" }).click();
        secret = await page.getByRole("dialog").locator("code").innerText();
        await page.getByRole("button", { name: "Done" }).click();
        expect(await curl()).toBe("200");

        await page.getByRole("button", { name: "Revoke by hand" }).click();
        await page.getByRole("button", { name: "Revoke", exact: true }).click();
        await expect.poll(() => visit.said.join()).toContain("by hand is revoked");
        const revoked = performance.now();
        // A call that began earlier may be answered later, on a busy machine.
        for (let begun = revoked; (await curl()) === "200"; begun = performance.now())
          expect(begun - revoked).toBeLessThan(5_000);
        expect(await curl()).toBe("401");
        expect(replica.log() + server.log()).not.toContain(secret);
      } finally {
        await replica.stop();
      }
    });

    it("whose session was ended elsewhere reads so at the next step, and returns to the same page", async () => {
      await page.goto(`${server.url}/new`);
      // The last that the page asks by itself.
      const listed = page.waitForResponse(/ListProjects/);
      await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
      await passProvider("1815");
      await page.getByLabel("Id", { exact: true }).fill("lost");
      await listed;

      // From another browser of the same person.
      const cookie = (await context.cookies(server.url))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; ");
      await fetch(`${server.url}/login/sessions/revoke`, {
        method: "POST",
        headers: { cookie, origin: server.url, "content-type": "application/json" },
        body: '{"all":true}',
      });
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Studies" }).click();
      await page.waitForURL(`${server.url}/`);
      await expect
        .poll(() => page.getByRole("alert").allInnerTexts())
        .toEqual([expect.stringContaining("Your session has ended. Sign in again.")]);
      await page.goBack();
      const again = page.getByRole("link", { name: `Sign in with ${host()}` });
      // The address goes back before the page does.
      await expect.poll(() => again.getAttribute("href")).toBe("/login?next=%2Fnew");
      await again.click();
      // The provider still knows the browser, and asks nothing.
      await page.waitForURL(`${server.url}/new`);
      await page.getByLabel("Id", { exact: true }).waitFor();
    });

    it("whose session runs out while a study is on the screen reads so by itself, and comes back to it", async () => {
      const parameters = [{ name: "lr", real: { low: 0, high: 1 } }];
      await call(server, "StudyService/CreateStudy", { studyId: "tides", study: { parameters } });
      const address = `${server.url}/projects/default/studies/tides`;
      await page.goto(address);
      await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
      await passProvider("1815");
      await page.waitForURL(address);
      await page.getByText("Live", { exact: true }).waitFor();

      const connection = new Client({ connectionString: database.url });
      await connection.connect();
      await connection.query("update session set expires_at = now()");
      await connection.end();
      // Nobody touches the page: the stream that it follows the study by is what ends.
      await page.getByText("Your session has ended").waitFor();
      await page.getByRole("link", { name: `Sign in with ${host()}` }).click();
      await page.waitForURL(address);
      await page.getByText("Live", { exact: true }).waitFor();
      await expect.poll(() => page.getByText("Your session has ended").count()).toBe(0);
    });

    it("sees the other browsers that are signed in, and signs them out", async () => {
      const { page: elsewhere, close: leave } = await browser.openPage({ expected });
      for (const somewhere of [elsewhere, page]) {
        const code = await server.run(["login-link", "--public-url", server.url]);
        await somewhere.goto(code);
        await somewhere.getByRole("heading", { name: "Studies" }).waitFor();
      }
      await page.getByRole("button", { name: "Account" }).click();
      await page.getByRole("menuitem", { name: "Account" }).click();
      await page.getByRole("heading", { name: "Owner of this server" }).waitFor();
      const rows = page.getByRole("table", { name: "Signed-in browsers" }).locator("tbody tr");
      await expect.poll(() => rows.count()).toBe(2);
      await keepPicture(page, "account");
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: /^Sign out Chrome on Linux at/ }).click();
      await expect.poll(() => rows.count()).toBe(1);
      // The list of studies keeps itself up to date, and so learns of it.
      await elsewhere.getByText("Your session has ended").waitFor();
      await leave();

      await page.getByRole("button", { name: "Sign out everywhere…" }).click();
      await page.getByRole("button", { name: "Sign out everywhere", exact: true }).click();
      await page.getByRole("heading", { name: "Sign in to asktell" }).waitFor();
    });

    it("opens a login link a second time, and reads that it works once", async () => {
      const link = await server.run(["login-link", "--public-url", server.url]);
      await page.goto(link);
      await page.getByRole("heading", { name: "Studies" }).waitFor();
      const { page: second, close: leave } = await browser.openPage({ expected });
      await second.goto(link);
      await second.getByRole("alert").filter({ hasText: "used already" }).waitFor();
      await expect.poll(() => second.url()).toBe(`${server.url}/`);
      await leave();
    });

    it.each([
      { width: 1440, dark: false },
      { width: 320, dark: true },
    ])("finds the pages usable at $width px, dark: $dark", async ({ width, dark }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      const check = async (name: string): Promise<void> => {
        await keepPicture(page, `${name}-${width}-${dark ? "dark" : "light"}`);
        expect(await axeFindings(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      };
      await page.goto(server.url);
      await page.getByRole("heading", { name: "Sign in to asktell" }).waitFor();
      await check("sign-in");
      await page.goto(`${server.url}/login/callback?error=access_denied`);
      await page.getByRole("heading", { name: "This sign-in cannot be used" }).waitFor();
      await check("sign-in-problem");
      await page.goto(await server.run(["login-link", "--public-url", server.url]));
      await page.getByRole("heading", { name: "Studies" }).waitFor();
      await page.getByRole("button", { name: "Account" }).click();
      await check("account-menu");
      await page.goto(`${server.url}/account`);
      await page.getByRole("heading", { name: "Owner of this server" }).waitFor();
      await check("account");
    });
  },
);
