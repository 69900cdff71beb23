import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { ask } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, keepPicture, refusal } from "./support/visit.ts";

describe.skipIf(leaveOutBrowser("the newcomer's journey through the dashboard"))("a newcomer", () => {
  const server = useTestServer();
  const browser = useBrowser();

  it("comes from the printed link and the copied curl lines to the first result, with no other knowledge", async () => {
    const link = /http:\S+#login=\S+/.exec(server.log())?.[0];
    expect(link).toBeDefined();
    const { page } = await browser.openPage();
    const begun = performance.now();
    await page.goto(link ?? "");
    await page.getByRole("heading", { name: "Find better hyperparameters" }).waitFor();
    await expect.poll(() => page.url()).not.toContain("login");
    await page.getByRole("button", { name: "Start with an example" }).click();
    await page.getByRole("heading", { name: "Waiting for the first trial" }).waitFor();
    await page.getByRole("button", { name: "Fill in a new token" }).click();
    await page.getByText("It is shown only now").waitFor();
    const code = await page.getByLabel("curl code").innerText();
    expect(code).not.toContain("YOUR_TOKEN");

    // Run as they stand, both lines in one shell.
    const { stdout } = await promisify(execFile)("bash", ["-euc", code]);
    expect(stdout).toContain("TRIAL_STATE_COMPLETED");
    await page.getByRole("heading", { name: "History of loss" }).waitFor();
    await page.getByRole("link", { name: "trial 0", exact: true }).waitFor();
    const seconds = (performance.now() - begun) / 1000;
    console.log(`from the link to the first result on the screen: ${seconds.toFixed(1)} s`);
  });

  it("creates, follows and finishes a study by the page alone", async () => {
    const { page } = await browser.visit(server, "/new");
    await page.getByLabel("Id", { exact: true }).fill("by-hand");
    await page.getByLabel("Title").fill("Made by hand");
    await page.getByRole("button", { name: "Another parameter" }).click();
    const second = page.getByRole("group", { name: /^Parameter/ }).nth(1);
    await second.getByLabel("Name").fill("act");
    await second.getByLabel("Kind").selectOption("categorical");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByText("At least one choice is needed.").waitFor();
    await second.getByLabel("Choices").fill("relu, tanh");
    // What is expected before any trial: a value of the first, and one choice more than the other.
    await page.getByRole("button", { name: "Expect a value" }).click();
    await page.getByLabel("Expected near").fill("7");
    await page.getByLabel("Within a factor of").fill("3");
    await second.getByRole("button", { name: "Weigh the choices" }).click();
    await second.getByLabel("Weights").fill("4");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByText("It must lie between the bounds.").waitFor();
    await page.getByText("One number a choice is needed: 2, and here are 1.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "new-study-beliefs", { whole: true });
    // What parameters keep to together, and how it was understood.
    await page.getByRole("button", { name: "Add a constraint" }).click();
    await page.getByLabel("Constraint 1", { exact: true }).fill("act + learning_rate <= 0.05");
    await page.getByText('"act" is a choice, which cannot be added up.').waitFor();
    await page.getByLabel("Constraint 1", { exact: true }).fill("100 learning_rate <= 5");
    await page.getByText("Read as 100 learning_rate ≤ 5").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // A parameter of one choice alone, and what results keep to.
    await page.getByRole("button", { name: "Another parameter" }).click();
    const third = page.getByRole("group", { name: /^Parameter/ }).nth(2);
    await third.getByLabel("Name").fill("slope");
    await third.getByRole("button", { name: "Only if …" }).click();
    await third.getByLabel("is one of").fill("leaky");
    await page.getByRole("button", { name: "Bound another metric" }).click();
    await page.getByLabel("At most").fill("16");
    await page.getByLabel("Expected near").fill("0.001");
    await second.getByLabel("Weights").fill("4, 1");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByText("leaky is none of its choices.").waitFor();
    await page.getByText("A name is needed.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await keepPicture(page, "new-study-conditions", { whole: true });
    await third.getByLabel("is one of").fill("relu");
    await page.getByLabel("Metric").fill("memory");
    await page.getByRole("button", { name: "Create study" }).click();
    await page.getByRole("heading", { name: "Made by hand" }).waitFor();
    await page.waitForURL("**/projects/default/studies/by-hand");
    interface Made {
      readonly study: Readonly<Record<"parameters" | "constraints" | "linearConstraints", unknown[]>>;
    }
    const { study } = await call<Made>(server, "StudyService/GetStudy", { study: "by-hand" });
    expect(study.constraints).toEqual([{ metric: "memory", upper: 16 }]);
    expect(study.linearConstraints).toMatchObject([
      { terms: [{ parameter: "learning_rate", coefficient: 100 }], upper: 5 },
    ]);
    expect(study.parameters).toMatchObject([
      { real: { log: true, prior: { mean: 0.001, deviation: expect.closeTo(Math.log(3), 12) as number } } },
      { categorical: { choices: ["relu", "tanh"], weights: [4, 1] } },
      { real: {}, condition: { parent: "act", values: ["relu"] } },
    ]);
    // It runs: a worker asks and tells, and the page follows.
    const { name: trial, leaseToken } = await ask(server, "by-hand");
    await call(server, "TrialService/TellTrial", {
      trial,
      leaseToken,
      values: [0.5],
      metrics: { memory: 8 },
    });
    await page.getByRole("link", { name: "trial 0", exact: true }).waitFor();

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("Active", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Actions for Made by hand" }).click();
    await page.getByRole("menuitem", { name: "Finish…" }).click();
    await page.getByRole("button", { name: "Finish", exact: true }).click();
    await page.getByText("Finished", { exact: true }).waitFor();
  });

  it("is led to a wrong field that is folded away", async () => {
    const { page } = await browser.visit(server, "/new");
    const seed = page.getByLabel("Seed");
    await page.getByText("More", { exact: true }).click();
    await seed.fill("half");
    await page.getByText("More", { exact: true }).click();
    await seed.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Create study" }).click();
    await expect.poll(() => seed.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByText("This is not a number.").waitFor();
  });

  it("makes a token, sees its secret once, uses it and revokes it", async () => {
    const { page, said } = await browser.visit(server, "/tokens");
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByLabel("Name").fill("a notebook");
    await page.getByLabel("Valid for").selectOption({ label: "a day" });
    await page.getByRole("button", { name: "Make token" }).click();
    const secret = await page.getByRole("dialog").locator("code").innerText();
    const list = () =>
      fetch(`${server.url}/asktell.v1.StudyService/ListStudies`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: "{}",
      });
    expect((await list()).status).toBe(200);
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => page.content()).not.toContain(secret);

    await page.getByRole("button", { name: "Revoke a notebook" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await expect.poll(() => said.join()).toContain("a notebook is revoked");
    await expect.poll(async () => (await list()).status).toBe(401);
  });

  it("without a token is asked for one, and a wrong one is refused in words", async () => {
    const { page } = await browser.openPage({ expected: refusal(401) });
    await page.goto(server.url);
    await page.getByRole("heading", { name: "Sign in to asktell" }).waitFor();
    await page.getByLabel("Token").fill("at_nonsense");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect
      .poll(() => page.getByRole("alert").allInnerTexts())
      .toEqual([expect.stringMatching(/token/i)]);
    await page.getByLabel("Token").fill(server.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Studies" }).waitFor();
  });
});
