import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import type { TestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { fillAnalysed } from "./support/analysed.ts";
import { ask, fillStudy, parameters } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { axeFindings, chartsDrawn, keepPicture, movingElements, overflow } from "./support/visit.ts";

/** Narrow phone, tablet, laptop, 4K: width and height in CSS pixels. */
const sizes = [
  [320, 720],
  [768, 1024],
  [1440, 900],
  [3840, 2160],
] as const;

interface Screen {
  readonly name: string;
  readonly path: string;
  /** What shows that it is ready, as a role selector. */
  readonly ready: string;
}

const study = "/projects/default/studies";
const longId = "s".repeat(63);
const full = (id: string): string => encodeURIComponent(`projects/default/studies/${id}`);
const project = "/projects/default";

/** What a new installation shows. */
const empty: readonly Screen[] = [
  { name: "empty-start", path: "/", ready: "heading[name='Find better hyperparameters']" },
  { name: "empty-workers", path: "/workers", ready: "heading[name='Nobody has asked for a trial yet']" },
  { name: "empty-compare", path: "/compare", ready: "heading[level=1]" },
  { name: "new-study", path: "/new", ready: "button[name='Create study']" },
];

const filled: readonly Screen[] = [
  { name: "studies", path: "/", ready: "link[name='A study of loss']" },
  {
    name: "copy-of-a-study",
    path: "/new?from=projects/default/studies/single",
    ready: "heading[name=/Copy/]",
  },
  {
    name: "compare",
    path: `/compare?study=${full("single")}&study=${full("analysed")}`,
    ready: "heading[level=2]",
  },
  { name: "all-workers", path: "/workers", ready: "table[name='Workers']" },
  { name: "tokens", path: "/tokens", ready: "button[name='New token']" },
  { name: "projects", path: "/projects", ready: "link[name='Members']" },
  { name: "members", path: `${project}/members`, ready: "heading[name='What each role may do']" },
  { name: "audit", path: `${project}/audit`, ready: "table[name=/Audit log/]" },
  { name: "project-settings", path: `${project}/settings`, ready: "heading[name='Delete the project']" },
  { name: "account-of-a-token", path: "/account", ready: "heading[name='Account']" },
  { name: "not-found", path: "/nowhere", ready: "heading[level=1]" },
  { name: "empty-study", path: `${study}/empty`, ready: "heading[name='Waiting for the first trial']" },
  { name: "empty-analysis", path: `${study}/empty/analysis`, ready: "heading[level=1]" },
  { name: "empty-trials", path: `${study}/empty/trials`, ready: "heading[level=1]" },
  { name: "empty-study-workers", path: `${study}/empty/workers`, ready: "heading[name='Workers']" },
  { name: "empty-notes", path: `${study}/empty/notes`, ready: "button[name='Write a note']" },
  { name: "overview", path: `${study}/analysed`, ready: "heading[name='Learning curves']" },
  { name: "overview-two", path: `${study}/double`, ready: "heading[name='Pareto front'][level=2]" },
  { name: "analysis", path: `${study}/analysed/analysis`, ready: "heading[name='Parallel coordinates']" },
  { name: "analysis-two", path: `${study}/double/analysis`, ready: "heading[name='Hypervolume']" },
  { name: "trials", path: `${study}/single/trials`, ready: "grid[name='Trials']" },
  { name: "trial", path: `${study}/single/trials/2`, ready: "heading[name='Why this point']" },
  { name: "workers", path: `${study}/single/workers`, ready: "grid[name='Workers']" },
  { name: "notes", path: `${study}/single/notes`, ready: "heading[name='First look']" },
  { name: "settings", path: `${study}/single/settings`, ready: "heading[name='Search space']" },
  { name: "long-names", path: `${study}/${longId}`, ready: "heading[name='Learning curves']" },
  { name: "long-names-settings", path: `${study}/${longId}/settings`, ready: "heading[name='Share']" },
  {
    name: "long-names-analysis",
    path: `${study}/${longId}/analysis`,
    ready: "heading[name='Parallel coordinates']",
  },
  { name: "long-names-trials", path: `${study}/${longId}/trials`, ready: "grid[name='Trials']" },
  { name: "long-names-trial", path: `${study}/${longId}/trials/0`, ready: "heading[name='Why this point']" },
  { name: "long-names-told", path: `${study}/${longId}/trials/1`, ready: "heading[name='Metrics']" },
];

/** Everything as long as the API takes it. */
async function fillLong(server: TestServer): Promise<void> {
  const parameter = { name: "p".repeat(128), categorical: { choices: ["c".repeat(300), "d", "e"] } };
  await call(server, "StudyService/CreateStudy", {
    studyId: longId,
    study: {
      displayName: "W".repeat(200),
      parameters: [parameter],
      objectives: [{ name: "o".repeat(128) }],
      labels: { ["k".repeat(63)]: "v".repeat(255) },
    },
  });
  const worker = "w".repeat(200);
  const failed = await ask(server, longId, worker);
  const failure = `Traceback ${"f".repeat(2_000)}`;
  await call(server, "TrialService/TellTrial", {
    trial: failed.name,
    leaseToken: failed.leaseToken,
    failure,
  });
  const told = await ask(server, longId, worker);
  await call(server, "TrialService/TellTrial", {
    trial: told.name,
    leaseToken: told.leaseToken,
    values: [0.224101971],
    metrics: { ["m".repeat(128)]: 123456.7 },
  });
  await ask(server, longId, worker);
  await call(server, "TokenService/CreateToken", { token: { displayName: "t".repeat(100), study: longId } });
}

describe.skipIf(leaveOutBrowser("the dashboard's pages in every size, with axe"))("every page", () => {
  const server = useTestServer();
  const browser = useBrowser();

  function look({ name, path, ready }: Screen, dark: boolean): void {
    const theme = dark ? "dark" : "light";
    it(`${name}, ${theme}, has no fault, nothing for axe to find, and room in every size`, async () => {
      const { page } = await browser.visit(server, path, { dark });
      await page.locator(`role=${ready}`).first().waitFor();
      await chartsDrawn(page);
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        expect(await overflow(page), `${width} px`).toBe(0);
        await keepPicture(page, `${name}-${theme}-${width}`, { whole: true });
        // Colours are the same in every size, and the layout in every theme.
        if (width === 1440 || (width === 320 && !dark))
          expect(await axeFindings(page), `${width} px`).toEqual([]);
        // The visitor has asked for reduced motion.
        expect(await movingElements(page), `${width} px`).toEqual([]);
      }
    });
  }

  describe("with nothing in it", () => {
    for (const screen of empty) for (const dark of [false, true]) look(screen, dark);
  });

  describe("with studies", () => {
    beforeAll(async () => {
      await fillStudy(server, "single");
      await fillStudy(server, "double", ["error", "latency"]);
      await fillAnalysed(server, "analysed", 300);
      await call(server, "StudyService/CreateStudy", { studyId: "empty", study: { parameters } });
      await fillLong(server);
    });
    for (const screen of filled) for (const dark of [false, true]) look(screen, dark);
  });
});
