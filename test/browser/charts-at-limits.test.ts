import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { chartsDrawn, drawn } from "./support/visit.ts";

const studies = "/projects/default/studies";

/** Results by study, with how they ended. */
const results: Readonly<Record<string, readonly (readonly [string, number?])[]>> = {
  one: [["COMPLETED", 0]],
  alike: Array.from({ length: 12 }, (_, i) => ["COMPLETED", i % 2 === 0 ? 0.3 : 0.1 + 0.2] as const),
  wide: [1e-300, 1e-9, 1, 1e10].map((value) => ["COMPLETED", value] as const),
  zero: [0, 1, 2, 3, 4].flatMap((value) => [["COMPLETED", value] as const, ["PRUNED", value + 1] as const]),
  pruned: [1, 2, 3].map((value) => ["PRUNED", value] as const),
  failed: [["FAILED"], ["FAILED"]],
};

describe.skipIf(leaveOutBrowser("charts at their limits"))("charts of values at the limits", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    const parameters = [
      { name: "x", real: { low: 0, high: 1 } },
      { name: "rate", real: { low: 1e-300, high: 1, log: true } },
    ];
    for (const [studyId, told] of Object.entries(results)) {
      await call(server, "StudyService/CreateStudy", { studyId, study: { parameters } });
      const trials = told.map(([state, value], i) => ({
        params: { x: i / told.length, rate: 10 ** (25 * i - 300) },
        state: `TRIAL_STATE_${state}`,
        ...(value === undefined ? { failure: "no value" } : { values: [value] }),
        startTime: "2026-01-01T00:00:00Z",
        endTime: "2026-01-01T00:01:00Z",
      }));
      await call(server, "TrialService/ImportTrials", { study: studyId, trials });
    }
  });

  it("name the best trial as the server does, be its value infinite", async () => {
    await call(server, "StudyService/CreateStudy", {
      studyId: "endless",
      study: { parameters: [{ name: "x", real: { low: 0, high: 1 } }] },
    });
    const trials = ["Infinity", "-Infinity", 0.25].map((value) => ({ params: { x: 0.5 }, values: [value] }));
    await call(server, "TrialService/ImportTrials", { study: "endless", trials });
    const { page } = await browser.visit(server, `${studies}/endless`);
    await page.getByRole("link", { name: "trial 1", exact: true }).waitFor();
    await page.getByText("−∞", { exact: true }).waitFor();
    await page.goto(`${server.url}/`);
    const listed = page.getByRole("row").filter({ hasText: "endless" });
    await expect.poll(() => listed.getByText("−∞", { exact: true }).count()).toBe(1);
  });

  for (const name of Object.keys(results)) {
    it(`draw what they can of the study ${name}, on every scale and with marks hidden`, async () => {
      for (const path of ["", "/analysis"]) {
        const { page } = await browser.visit(server, `${studies}/${name}${path}`);
        await chartsDrawn(page);
        for (const choice of ["Log", "Linear", "Log"])
          for (const scale of await page.getByRole("radio", { name: choice, exact: true }).all())
            await scale.check({ force: true });
        for (const key of await page
          .locator("[data-legend-item]")
          .all()
          .then((keys) => keys.reverse()))
          await key.click();
        await drawn(page);
        expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(name);
      }
    });
  }
});
