import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, overflow, refusal } from "./support/visit.ts";

interface StudyJson {
  readonly study: { readonly sources: readonly { readonly study: string; readonly trials: number }[] };
}

describe.skipIf(leaveOutBrowser("beginning a study from earlier ones"))("the form of a new study", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    const study = { parameters, objectives: [{ name: "loss" }] };
    await call(server, "StudyService/CreateStudy", { studyId: "earlier", study });
    const trials = [1, 2, 3].map((layers) => ({
      params: { lr: 0.01, layers, optimizer: "adam" },
      values: [layers],
    }));
    await call(server, "TrialService/ImportTrials", { study: "earlier", trials });
  });

  it("begins a copy from the study that it is copied from, and says which source the server refuses", async () => {
    const from = encodeURIComponent("projects/default/studies/earlier");
    const options = { width: 360, expected: refusal(404) };
    const { page } = await browser.visit(server, `/new?from=${from}`, options);
    await page.getByRole("button", { name: "Begin from earlier", exact: true }).click();
    await page.getByLabel("Begin from", { exact: true }).fill("earlier");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const chosen = page.getByRole("list", { name: "Earlier studies to begin from" }).getByRole("listitem");
    await expect.poll(() => chosen.count()).toBe(1);
    await page.getByLabel("Begin from", { exact: true }).fill("nowhere");
    await page.getByLabel("Begin from", { exact: true }).press("Enter");
    await expect.poll(() => chosen.count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await keepPicture(page, "new-study-sources");

    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByText(/there is no study "nowhere"/).waitFor();
    await page.getByRole("button", { name: "Do not begin from nowhere" }).click();
    await page.getByRole("button", { name: "Create study" }).click();
    await page.waitForURL(/studies\/earlier-copy$/);
    const { study } = await call<StudyJson>(server, "StudyService/GetStudy", { study: "earlier-copy" });
    expect(study.sources).toMatchObject([{ study: "projects/default/studies/earlier", trials: 3 }]);
  });

  it("begins from a study that is typed and not added, too", async () => {
    const { page } = await browser.visit(server, "/new", { expected: refusal(404) });
    await page.getByLabel("Id", { exact: true }).fill("typed");
    await page.getByLabel("Name", { exact: true }).first().fill("lr");
    const field = page.getByLabel("Begin from", { exact: true });
    await field.fill("nowhere");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByText(/there is no study "nowhere"/).waitFor();
    await field.fill("earlier");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.waitForURL(/studies\/typed$/);
    const { study } = await call<StudyJson>(server, "StudyService/GetStudy", { study: "typed" });
    expect(study.sources).toMatchObject([{ study: "projects/default/studies/earlier" }]);
  });

  it("takes no key before the study to copy has come, which would replace what was typed", async () => {
    const { page } = await browser.openPage();
    let answer: () => void = () => {};
    const isWanted = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/GetStudy/, async (route) => {
      await isWanted;
      await route.continue();
    });
    const from = encodeURIComponent("projects/default/studies/earlier");
    await page.goto(`${server.url}/new?from=${from}#token=${server.token}`);
    const form = page.locator("form");
    await form.waitFor();
    expect(await form.getAttribute("aria-busy")).toBe("true");
    const id = page.getByLabel("Id", { exact: true });
    await id.focus();
    expect(await form.evaluate((element) => element.contains(document.activeElement))).toBe(false);
    answer();
    await expect.poll(() => id.inputValue()).toBe("earlier-copy");
    await id.fill("mine");
    expect(await id.inputValue()).toBe("mine");
  });

  it("shows on a trial's page what it began from", async () => {
    const study = { parameters, objectives: [{ name: "loss" }], sources: [{ study: "earlier" }] };
    await call(server, "StudyService/CreateStudy", { studyId: "later", study });
    await ask(server, "later");
    const { page } = await browser.visit(server, "/projects/default/studies/later/trials/0");
    const why = page.getByText(
      /A good point of the earlier study projects\/default\/studies\/earlier: its trial 0/,
    );
    await why.waitFor();
    expect(await why.count()).toBe(1);
  });
});
