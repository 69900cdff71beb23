import { createClient } from "@connectrpc/connect";
import { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenKind, TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { describe, expect, it } from "vitest";
import { transportOf } from "../security/stack.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { refusal } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("share links"))("a share link", () => {
  const server = useTestServer();
  const browser = useBrowser();

  /** A study, and a link that shows it. */
  async function share(study: string) {
    const transport = transportOf({ origin: server.url }, { token: server.token });
    await createClient(StudyService, transport).createStudy({
      studyId: study,
      study: {
        displayName: `For the paper: ${study}`,
        objectives: [{ name: "loss" }],
        parameters: [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }],
      },
    });
    const trials = createClient(TrialService, transport);
    const { trials: asked } = await trials.askTrials({ study });
    await trials.tellTrial({ trial: asked[0]?.name ?? "", values: [0.25] });
    const tokens = createClient(TokenService, transport);
    const { sharePath, token } = await tokens.createToken({
      token: { displayName: "paper", kind: TokenKind.SHARE_LINK, study, scopes: [Scope.READ] },
    });
    return { sharePath, revoke: () => tokens.revokeToken({ name: token?.name ?? "" }) };
  }

  it("shows its study to whoever opens it, leaves the address bar clean, and shows nothing once it is revoked", async () => {
    const { sharePath, revoke } = await share("shown");
    expect(sharePath).toMatch(/^\/projects\/default\/studies\/shown#token=ats_[0-9A-Za-z]{49}$/);

    const open = async () => {
      const visited = await browser.openPage({ expected: refusal(401, 403) });
      await visited.page.goto(server.url + sharePath);
      return visited;
    };
    const { page, close } = await open();
    await page.getByText("For the paper").first().waitFor();
    await page.getByRole("heading", { name: "History of loss" }).waitFor();
    expect(page.url()).toBe(`${server.url}/projects/default/studies/shown`);
    // The list of studies is not for whoever has it, nor anything that would be refused anyway.
    await page
      .getByRole("navigation", { name: "Where you are" })
      .getByRole("link", { name: "Studies" })
      .click();
    await page.getByText('this link is for its study "shown" alone').waitFor();
    expect(await page.getByRole("link", { name: "New study" }).count()).toBe(0);
    expect(await page.getByText("Loading …").count()).toBe(0);
    await close();

    await revoke();
    const later = await open();
    await later.page
      .getByText(/revoked/)
      .first()
      .waitFor();
    expect(await later.page.getByText("For the paper").count()).toBe(0);
  });

  it("opens in further tabs of whoever has nothing else, and lets those who are signed in be themselves there", async () => {
    const { sharePath } = await share("tabs");
    const { page, context } = await browser.openPage();
    const openTab = async (url: string) => {
      const tab = await context.newPage();
      await tab.goto(url);
      return tab;
    };
    await page.goto(server.url + sharePath);
    await page.getByText("For the paper: tabs").first().waitFor();
    const second = await openTab(`${server.url}/projects/default/studies/tabs/trials`);
    await second.getByText("For the paper: tabs").first().waitFor();
    expect(await second.getByRole("button", { name: "Enqueue" }).count()).toBe(0);

    const signedIn = await openTab(await server.run(["login-link", "--public-url", server.url]));
    await signedIn.getByText("For the paper: tabs").first().waitFor();
    const third = await openTab(`${server.url}/projects/default/studies/tabs`);
    await third.getByRole("button", { name: "Enqueue" }).waitFor();
    // The tab of the link stays what it is.
    await page.reload();
    await page.getByText("For the paper: tabs").first().waitFor();
    expect(await page.getByRole("button", { name: "Enqueue" }).count()).toBe(0);
  });
});
