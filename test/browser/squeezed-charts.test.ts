import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestServer } from "../support/use-server.ts";
import { fillAnalysed } from "./support/analysed.ts";
import { fillStudy } from "./support/api.ts";
import { leaveOutBrowser } from "./support/chromium.ts";
import { useBrowser } from "./support/use-browser.ts";
import { drawn } from "./support/visit.ts";

const studies = "/projects/default/studies";
const compared = ["single", "analysed"].map((id) => `study=projects/default/studies/${id}`).join("&");

interface Plotted {
  readonly name: string;
  readonly path: string;
  /** Charts that it draws; slices count one by one. */
  readonly charts: number;
}
const pages: readonly Plotted[] = [
  { name: "overview", path: `${studies}/analysed`, charts: 4 },
  { name: "overview of two objectives", path: `${studies}/double`, charts: 4 },
  { name: "analysis", path: `${studies}/analysed/analysis`, charts: 11 },
  { name: "analysis of two objectives", path: `${studies}/double/analysis`, charts: 11 },
  { name: "comparison", path: `/compare?${compared}`, charts: 2 },
  { name: "page of a trial", path: `${studies}/analysed/trials/2`, charts: 1 },
];

const boxes = ".layercake-container";

/** Gives the box of every chart, and of those to come, a size in pixels; or the one that the page gives it. */
async function squeeze(page: Page, side: "width" | "height", pixels?: number): Promise<void> {
  await page.evaluate(
    ([selector, key, size]) => {
      const sheet = new CSSStyleSheet();
      if (size !== undefined) sheet.replaceSync(`${selector} { ${key}: ${size}px !important }`);
      document.adoptedStyleSheets = [sheet];
    },
    [boxes, side, pixels] as const,
  );
  await drawn(page);
}

/** How many layers each chart has. */
const layers = async (page: Page): Promise<number[]> =>
  page.locator(boxes).evaluateAll((elements) => elements.map((element) => element.childElementCount));

describe.skipIf(leaveOutBrowser("charts without room"))("charts without room", () => {
  const server = useTestServer();
  const browser = useBrowser();

  beforeAll(async () => {
    await fillStudy(server, "single");
    await fillStudy(server, "double", ["error", "latency"]);
    await fillAnalysed(server, "analysed", 120);
  });

  for (const { name, path, charts } of pages) {
    it(`on the ${name} draw nothing rather than something false, and come back`, async () => {
      const { page } = await browser.visit(server, path);
      const full = async () => (await layers(page)).filter((count) => count > 0).length;
      await expect.poll(full).toBeGreaterThanOrEqual(charts);
      for (const side of ["width", "height"] as const) {
        for (const pixels of [0, 1, 30, 80, 120, 0]) {
          await squeeze(page, side, pixels);
          if (pixels < 30) await expect.poll(full, { message: `${side} ${pixels}` }).toBe(0);
        }
        await squeeze(page, side);
        await expect.poll(full, { message: side }).toBeGreaterThanOrEqual(charts);
      }
    });
  }
});
